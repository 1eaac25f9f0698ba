import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useDeferredValue, useId } from "react";
import { ButtonLink } from "@/components/ui/links";
import { Empty } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { useAuth } from "@/features/auth/use-auth";
import { AuctionGrid } from "./auction-grid";
import { endingSoonQuery, liveNowQuery, newestQuery, soldQuery } from "./auction-queries";
import type { Auction } from "./auction-words";
import { CategoryTiles } from "./category-tiles";
import classes from "./home-page.module.css";
import { HowItWorks } from "./how-it-works";
import type { SearchState } from "./search-state";

const LIVE_MAX = 6;
const ENDING_MAX = 8;
const NEW_MAX = 6;

/** The front door: what moves, what ends, what there is, what it fetched. */
export function HomePage() {
  const { t } = useLingui();
  const { me } = useAuth();
  const live = useQuery(liveNowQuery());
  const ending = useQuery(endingSoonQuery());
  const visitor = me === null;
  // Drawn after what lies in the window: a phone answers sooner.
  const isWhole = useDeferredValue(true, false);

  const liveNow = live.data?.results.slice(0, LIVE_MAX);
  const seen = new Set(liveNow?.map((auction) => auction.id));
  const endingSoon = liveNow && ending.data?.results.filter(({ id }) => !seen.has(id));
  return (
    <>
      <PageTitle tab={t`Live auctions`}>
        {visitor ? <Trans>Find it. Bid on it, live.</Trans> : <Trans>Live auctions</Trans>}
      </PageTitle>
      {visitor && <Welcome />}
      <Section
        title={<Trans>Live now</Trans>}
        note={<Trans>Prices on this page move by themselves.</Trans>}
        all={{}}
        auctions={liveNow}
        failed={live}
        expected={LIVE_MAX}
        line
        first={3}
      />
      <Section
        title={<Trans>Ending soon</Trans>}
        all={{}}
        auctions={endingSoon?.slice(0, ENDING_MAX)}
        failed={ending}
        expected={ENDING_MAX}
      />
      {isWhole ? <Rest visitor={visitor} /> : <div className={classes.rest} />}
    </>
  );
}

/** What lies below the window. */
function Rest({ visitor }: { visitor: boolean }) {
  const newest = useQuery(newestQuery());
  const sold = useQuery(soldQuery());
  return (
    <>
      <CategoryTiles auctions={newest.data?.results} />
      <Section
        title={<Trans>New</Trans>}
        all={{ ordering: "newest" }}
        auctions={newest.data?.results.slice(0, NEW_MAX)}
        failed={newest}
        expected={NEW_MAX}
        line
      />
      <Section
        title={<Trans>Recently sold</Trans>}
        all={{ status: "sold", ordering: "newest" }}
        auctions={sold.data?.results}
        failed={sold}
        expected={NEW_MAX}
        line
      />
      {[newest, sold].every(({ data }) => data?.results.length === 0) && <NothingYet />}
      {visitor && <HowItWorks />}
    </>
  );
}

/** One sentence and two ways on, for who has not been here. */
function Welcome() {
  return (
    <div className={classes.welcome}>
      <Text size="lg" maw="38rem">
        <Trans>
          Cameras, guitars, furniture, art. You see every bid as it is made and what you would pay
          in all before you bid.
        </Trans>
      </Text>
      <Group gap="sm">
        <Button component={Link} to="/register" size="md">
          <Trans>Make an account</Trans>
        </Button>
        <Button component="a" href="#how-it-works" size="md" variant="default">
          <Trans>How it works</Trans>
        </Button>
      </Group>
    </div>
  );
}

/** A house that has just opened. */
function NothingYet() {
  return (
    <Empty title={<Trans>No auctions yet</Trans>}>
      <Text ta="center">
        <Trans>Be the first to list something; it takes a few minutes.</Trans>
      </Text>
      <ButtonLink to="/sell">
        <Trans>Sell something</Trans>
      </ButtonLink>
    </Empty>
  );
}

interface SectionProps {
  title: ReactNode;
  note?: ReactNode;
  /** Where the rest of it is. */
  all: SearchState;
  auctions: readonly Auction[] | undefined;
  failed: Pick<ReturnType<typeof useQuery>, "isError" | "refetch">;
  expected: number;
  line?: boolean;
  first?: number;
}

/** A heading with cards below it; nothing at all where there is nothing to show. */
function Section({ title, note, all, failed, ...grid }: SectionProps) {
  const id = useId();
  if (grid.auctions?.length === 0) return null;
  return (
    <section className={classes.section}>
      <div className={classes.head}>
        <h2 className={classes.title} id={id}>
          {title}
        </h2>
        <Link
          to="/search"
          search={all}
          className={classes.all}
          id={`${id}-all`}
          aria-labelledby={`${id}-all ${id}`}
        >
          <Trans>See all</Trans>
        </Link>
        {note && <p className={classes.note}>{note}</p>}
      </div>
      {failed.isError && grid.auctions === undefined ? (
        <Group role="alert">
          <Text>
            <Trans>These auctions could not be loaded.</Trans>
          </Text>
          <Button variant="default" onClick={() => void failed.refetch()}>
            <Trans>Try again</Trans>
          </Button>
        </Group>
      ) : (
        <AuctionGrid {...grid} />
      )}
    </section>
  );
}
