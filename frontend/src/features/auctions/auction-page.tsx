import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo, type ReactNode } from "react";
import { PageTitle } from "@/components/ui/page-title";
import { AuctionGrid } from "./auction-grid";
import classes from "./auction-page.module.css";
import { auctionsQuery } from "./auction-queries";
import type { AuctionDetail } from "./auction-words";
import { Details } from "./details";
import { Gallery } from "./gallery";

const SIMILAR = 6;

interface AuctionPageProps {
  auction: AuctionDetail;
  /** Price, time, standing, what to do. */
  panel: ReactNode;
  history: ReactNode;
  seller: ReactNode;
}

/** A listing: pictures left, what to do right, everything else below. */
export function AuctionPage({ auction, panel, history, seller }: AuctionPageProps) {
  const { category } = auction;
  return (
    <>
      <div className={classes.layout}>
        <div className={classes.pictures}>
          <Gallery images={auction.images} title={auction.title} />
        </div>
        <div className={classes.side}>
          <div className={classes.stuck}>
            {category && (
              <Link to="/search" search={{ category: category.slug }} className={classes.category}>
                {category.name}
              </Link>
            )}
            <PageTitle tab={auction.title} />
            {panel}
          </div>
        </div>
        <div className={classes.below}>
          <Details auction={auction} />
          {history}
          {seller}
        </div>
      </div>
      <MoreOfTheKind auction={auction} />
    </>
  );
}

// Not drawn again with every bid, as the page around it is.
const MoreOfTheKind = memo(function MoreOfTheKind({ auction }: { auction: AuctionDetail }) {
  const filters = {
    status: ["active" as const],
    ...(auction.category && { category: auction.category.slug }),
    ordering: ["ending_soon" as const],
    page_size: SIMILAR + 1,
  };
  const { data } = useQuery(auctionsQuery(filters));
  const others = data?.results.filter(({ id }) => id !== auction.id).slice(0, SIMILAR);
  if (!others?.length) return null;
  return (
    <section className={classes.more}>
      <h2 className={classes.title}>
        <Trans>More of the kind</Trans>
      </h2>
      <AuctionGrid auctions={others} line />
    </section>
  );
});

/** The page's places before the listing is here. */
export function AuctionPageSkeleton() {
  const { t } = useLingui();
  return (
    <div className={classes.layout} role="status" aria-label={t`Loading`}>
      <Skeleton className={classes.pictureSkeleton} />
      <div className={classes.side}>
        <Skeleton height="1rem" width="30%" mb="sm" />
        <Skeleton height="2rem" mb="xs" />
        <Skeleton height="2rem" width="60%" mb="md" />
        <Skeleton height="26rem" radius="lg" />
      </div>
    </div>
  );
}
