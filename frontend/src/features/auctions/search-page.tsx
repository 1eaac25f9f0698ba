import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconAdjustments } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { Sheet } from "@/components/ui/sheet";
import { AuctionGrid } from "./auction-grid";
import { auctionsQuery, categoriesQuery } from "./auction-queries";
import { Facets } from "./facets";
import { Pages } from "./pages";
import { SaveSearch } from "./save-search";
import { SearchChips } from "./search-chips";
import classes from "./search-page.module.css";
import {
  change,
  filtersOf,
  narrowings,
  type Ordering,
  orderingOf,
  pagesOf,
  type SearchState,
} from "./search-state";

const EXPECTED = 12;

/** Everything that is for sale, narrowed down; the address holds the whole of it. */
export function SearchPage({ state }: { state: SearchState }) {
  const { data, isPlaceholderData, error, refetch } = useQuery(auctionsQuery(filtersOf(state)));
  const beside = useMediaQuery("(min-width: 62rem)", true, { getInitialValueInEffect: false });
  const [narrowing, setNarrowing] = useState(false);
  const facets = <Facets state={state} facets={data?.facets} />;
  const count = narrowings(state);

  if (error && data === undefined) return <PageError error={error} reset={() => void refetch()} />;
  return (
    <>
      <SearchTitle state={state} />
      <div className={classes.layout}>
        {beside && <aside className={classes.facets}>{facets}</aside>}
        <div>
          <div className={classes.bar}>
            <p className={classes.count} role="status">
              {data?.count != null && (
                <Plural value={data.count} _0="Nothing found" one="# auction" other="# auctions" />
              )}
            </p>
            {!beside && (
              <Button
                variant="default"
                leftSection={<IconAdjustments size={18} aria-hidden />}
                onClick={() => setNarrowing(true)}
                aria-haspopup="dialog"
              >
                {count === 0 ? <Trans>Filters</Trans> : <Trans>Filters ({count})</Trans>}
              </Button>
            )}
            <OrderingSelect state={state} />
            <SaveSearch state={state} />
          </div>
          <SearchChips state={state} />
          <div className={classes.results} data-stale={isPlaceholderData || undefined}>
            {data?.results.length === 0 ? (
              <NothingFound state={state} />
            ) : (
              <AuctionGrid
                auctions={data?.results}
                expected={EXPECTED}
                first={beside ? 4 : 2}
                heading="h2"
              />
            )}
          </div>
          {data?.count != null && <Pages state={state} last={pagesOf(data.count)} />}
        </div>
      </div>
      <Sheet
        opened={narrowing && !beside}
        onClose={() => setNarrowing(false)}
        title={<Trans>Filters</Trans>}
      >
        {facets}
        <Button fullWidth size="md" mt="md" onClick={() => setNarrowing(false)}>
          {data?.count == null ? (
            <Trans>Show the results</Trans>
          ) : (
            <Plural value={data.count} one="Show # auction" other="Show # auctions" />
          )}
        </Button>
      </Sheet>
    </>
  );
}

/** What was searched for, as the page's heading. */
function SearchTitle({ state }: { state: SearchState }) {
  const { t } = useLingui();
  const { data } = useQuery(categoriesQuery());
  const category = data?.results.find(({ slug }) => slug === state.category)?.name;
  const words = state.search;
  const title = words ? t`Results for “${words}”` : (category ?? t`Auctions`);
  return <PageTitle tab={title} />;
}

function OrderingSelect({ state }: { state: SearchState }) {
  const { t } = useLingui();
  const navigate = useNavigate({ from: "/search" });
  const words: Record<Ordering, string> = {
    relevance: t`Best match`,
    ending: t`Ending soonest`,
    newest: t`Newest first`,
    cheapest: t`Lowest price`,
    dearest: t`Highest price`,
    bids: t`Most bids`,
  };
  const known = (Object.keys(words) as Ordering[]).filter(
    (ordering) => ordering !== "relevance" || state.search,
  );
  return (
    <NativeSelect
      aria-label={t`Sort by`}
      value={orderingOf(state)}
      data={known.map((value) => ({ value, label: words[value] }))}
      onChange={({ currentTarget: { value } }) =>
        void navigate({ search: change(state, { ordering: value as Ordering }) })
      }
    />
  );
}

function NothingFound({ state }: { state: SearchState }) {
  const navigate = useNavigate({ from: "/search" });
  return (
    <Empty title={<Trans>No auction matches</Trans>}>
      <p className={classes.hint}>
        {state.status === undefined ? (
          <Trans>Try fewer words, fewer filters, or look at what has ended, too.</Trans>
        ) : (
          <Trans>Try fewer words or fewer filters.</Trans>
        )}
      </p>
      {narrowings(state) > 0 && (
        <Button
          variant="default"
          onClick={() => void navigate({ search: change({ search: state.search }, {}) })}
        >
          <Trans>Remove all filters</Trans>
        </Button>
      )}
      {state.status === undefined && (
        <Button
          variant="default"
          onClick={() => void navigate({ search: change(state, { status: "any" }) })}
        >
          <Trans>Show ended and upcoming</Trans>
        </Button>
      )}
    </Empty>
  );
}
