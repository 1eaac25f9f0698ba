import { useMediaQuery } from "@mantine/hooks";
import { createFileRoute, notFound } from "@tanstack/react-router";
import { useEffect } from "react";
import { PageError } from "@/components/ui/page-states";
import { AuctionPage, AuctionPageSkeleton } from "@/features/auctions/auction-page";
import { SellerCard } from "@/features/auctions/seller-card";
import { BidBar } from "@/features/bidding/bid-bar";
import { BidHistory } from "@/features/bidding/bid-history";
import { BidPanel } from "@/features/bidding/bid-panel";
import { useRoom } from "@/features/bidding/use-room";
import { ReportButton } from "@/features/reports/report-button";
import { checked } from "@/lib/checked-search";
import { auctionQuery } from "@/services/auction-query";

const BESIDE = "(min-width: 62rem)";

/** `?amount=` is what somebody typed before he logged in. */
const search = checked(({ amount }): { amount?: number } => {
  const number = Number(amount);
  return number > 0 && Number.isFinite(number) ? { amount: number } : {};
});

export const Route = createFileRoute("/auctions/$auctionId")({
  validateSearch: search,
  beforeLoad: ({ params }) => {
    if (!/^[1-9]\d{0,15}$/.test(params.auctionId)) throw notFound();
  },
  loader: ({ context: { queryClient }, params }) => {
    void queryClient.prefetchQuery(auctionQuery(Number(params.auctionId)));
  },
  component: function Auction() {
    const id = Number(Route.useParams().auctionId);
    return <LiveAuction key={id} auctionId={id} />;
  },
});

function LiveAuction({ auctionId }: { auctionId: number }) {
  const { amount } = Route.useSearch();
  const { query, room } = useRoom(auctionId);
  const beside = useMediaQuery(BESIDE, true, { getInitialValueInEffect: false });
  const hasBar = !beside && room !== null;
  useEffect(() => {
    // The bar must not cover the end of the page.
    document.body.style.paddingBlockEnd = hasBar ? "6rem" : "";
    return () => {
      document.body.style.paddingBlockEnd = "";
    };
  }, [hasBar]);

  if (room === null) {
    if (query.error) return <PageError error={query.error} reset={() => void query.refetch()} />;
    return <AuctionPageSkeleton />;
  }
  const { auction, me } = room;
  const path = `/auctions/${auctionId}`;
  return (
    <>
      <AuctionPage
        auction={auction}
        panel={<BidPanel room={room} initial={amount} bare={!beside} />}
        history={<BidHistory room={room} />}
        seller={
          <SellerCard
            seller={auction.seller}
            auctionId={auctionId}
            own={me?.id === auction.seller.id}
          >
            {me?.id !== auction.seller.id && (
              <ReportButton target={{ kind: "auction", id: auctionId, path }} />
            )}
          </SellerCard>
        }
      />
      {hasBar && <BidBar room={room} initial={amount} />}
    </>
  );
}
