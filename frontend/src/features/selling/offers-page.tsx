import { Trans, useLingui } from "@lingui/react/macro";
import { Box, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { TextLink } from "@/components/ui/links";
import { Notice } from "@/components/ui/notice";
import { Empty, NotFound, PageError, PagePending } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { useTicking } from "@/components/ui/ticking";
import { everyRow } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { auctionQuery } from "@/services/auction-query";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import type { Listing } from "./draft";
import { OfferLine } from "./offer-line";
import { type OfferBid, timeLineOf } from "./offers";

const SellDialog = lazy(() => import("./sell-dialog"));

const LOOK_AGAIN_MS = 10_000;
const STEP_MS = 5000; // as often as the line's "now" moves

/** The offers on one's listing, when each of them stands, and the button that takes one. */
export function OffersPage({ auctionId, username }: { auctionId: number; username: string }) {
  const listing = useQuery({ ...auctionQuery(auctionId), refetchInterval: LOOK_AGAIN_MS });
  const offers = useQuery({
    queryKey: keys.mine("offers", { auctionId }),
    queryFn: () =>
      everyRow((page) => api.listBids({ auction_id: auctionId, page, page_size: 100 })),
    refetchInterval: LOOK_AGAIN_MS,
  });
  const error = listing.error ?? offers.error;
  if (error) return <PageError error={error} />;
  if (!listing.data || !offers.data) return <PagePending />;
  const { seller, closing } = listing.data;
  if (seller.username !== username || closing !== "seller_choice") return <NotFound />;
  return <Offers listing={listing.data} bids={offers.data} />;
}

function Offers({ listing, bids }: { listing: Listing; bids: readonly OfferBid[] }) {
  const { t } = useLingui();
  const nowMs = useTicking(() => Math.floor(clock.now() / STEP_MS) * STEP_MS);
  const [chosen, setChosen] = useState<OfferBid | null>(null);
  const line = timeLineOf(bids, nowMs, listing.end_time, listing.sold);
  const isOpen = !listing.sold && (listing.status === "active" || listing.status === "ended");
  return (
    <>
      <PageTitle tab={t`Offers: ${listing.title}`}>
        <Trans>Offers for {listing.title}</Trans>
      </PageTitle>
      <StateNote listing={listing} />
      {bids.length === 0 ? (
        <Empty title={t`There are no offers yet`}>
          <Trans>You are told when one comes.</Trans>
          <TextLink to="/auctions/$auctionId" params={{ auctionId: String(listing.id) }}>
            <Trans>See the listing</Trans>
          </TextLink>
        </Empty>
      ) : (
        <OfferLine line={line} currency={listing.currency} onSell={isOpen ? setChosen : null} />
      )}
      <Suspense>
        {chosen && <SellDialog bid={chosen} listing={listing} onClose={() => setChosen(null)} />}
      </Suspense>
    </>
  );
}

function StateNote({ listing }: { listing: Listing }) {
  const { t, i18n } = useLingui();
  const { status, sold, winner, end_time } = listing;
  if (sold && winner) {
    return (
      <Box mb="md">
        <Notice kind="good" title={t`Sold to ${winner}`}>
          <TextLink to="/my/orders" search={{ tab: "sales" }}>
            <Trans>See the sale</Trans>
          </TextLink>
        </Notice>
      </Box>
    );
  }
  if (end_time === null) return null;
  const end = instant(end_time, i18n.locale);
  return (
    <Text mb="md">
      {status === "active" ? (
        <Trans>
          Take any offer while it stands, the highest or another. New ones are taken until {end}.
        </Trans>
      ) : (
        <Trans>
          No new offers have been taken since {end}. You may still sell to one that stands.
        </Trans>
      )}
    </Text>
  );
}
