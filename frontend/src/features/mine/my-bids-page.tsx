import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { RowsSkeleton } from "@/components/ui/rows";
import { keys } from "@/lib/query";
import { useMyBids } from "@/services/my-bids";
import { api } from "@/services/session";
import type { RenderCard } from "./card";
import classes from "./mine.module.css";
import { StandingBadge } from "./standing-badge";
import { type Standing, type Standings, standingsOf } from "./standings";

interface Props {
  renderCard: RenderCard;
  /** What one can do about a won auction. */
  renderWon: (auctionId: number) => ReactNode;
}

/** Every auction one has bid in: what asks for another bid first. */
export function MyBidsPage(props: Props) {
  const { t } = useLingui();
  const { data: bids, error } = useMyBids();
  return (
    <>
      <PageTitle tab={t`My bids`} />
      {error ? (
        <PageError error={error} />
      ) : bids === undefined ? (
        <RowsSkeleton rows={3} height={300} />
      ) : bids.length === 0 ? (
        <Empty title={t`You have not bid on anything yet`}>
          <ButtonLink to="/search">
            <Trans>Look at the auctions</Trans>
          </ButtonLink>
        </Empty>
      ) : (
        <Sections standings={standingsOf(bids)} {...props} />
      )}
    </>
  );
}

function Sections({ standings, ...props }: Props & { standings: Standings }) {
  const { t } = useLingui();
  const sections: [keyof Standings, string][] = [
    ["losing", t`Outbid`],
    ["winning", t`You lead`],
    ["won", t`Won`],
    ["lost", t`Not won`],
  ];
  return sections
    .filter(([key]) => standings[key].length > 0)
    .map(([key, word]) => (
      <section key={key} aria-labelledby={`bids-${key}`}>
        <h2 id={`bids-${key}`} className={classes.heading}>
          {word} <span className={classes.count}>({standings[key].length})</span>
        </h2>
        <ul className={classes.grid}>
          {standings[key].map((standing) => (
            <li key={standing.auctionId}>
              <Bid standing={standing} place={key} {...props} />
            </li>
          ))}
        </ul>
      </section>
    ));
}

function Bid(props: Props & { standing: Standing; place: keyof Standings }) {
  const { standing, place, renderCard, renderWon } = props;
  const { auctionId, bid } = standing;
  const { data } = useQuery({
    queryKey: keys.auction(auctionId),
    queryFn: () => api.getAuction(auctionId),
  });
  if (!data) return <Skeleton height={300} radius="md" />;
  // The list of bids is asked for again and again; its word on price and end is the newer one.
  const { current_bid, end_time, status, sold } = bid.auction;
  const auction = { ...data, current_bid, end_time, status, sold };
  const isOffer = data.closing === "seller_choice";
  const params = { auctionId: String(auctionId) };
  const action = {
    losing: (
      <ButtonLink to="/auctions/$auctionId" params={params} fullWidth px="xs">
        {isOffer ? <Trans>Offer again</Trans> : <Trans>Bid again</Trans>}
      </ButtonLink>
    ),
    winning: (
      <ButtonLink to="/auctions/$auctionId" params={params} variant="default" fullWidth px="xs">
        {isOffer ? <Trans>See the offer</Trans> : <Trans>Raise maximum</Trans>}
      </ButtonLink>
    ),
    won: renderWon(auctionId),
    lost: (
      <ButtonLink
        to="/search"
        search={data.category ? { category: data.category.slug } : {}}
        variant="default"
        fullWidth
      >
        <Trans>See similar</Trans>
      </ButtonLink>
    ),
  }[place];
  return renderCard(auction, { badge: <StandingBadge bid={bid} place={place} />, action });
}
