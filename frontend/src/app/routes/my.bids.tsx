import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { AuctionCard } from "@/features/auctions/auction-card";
import { MyBidsPage } from "@/features/mine/my-bids-page";
import { WonAction } from "@/features/payments/won-action";

export const Route = createFileRoute("/my/bids")({ component: MyBids });

function MyBids() {
  const { t } = useLingui();
  return (
    <SignedIn tab={t`My bids`}>
      {() => (
        <MyBidsPage
          renderCard={(auction, parts) => <AuctionCard auction={auction} {...parts} />}
          renderWon={(auctionId) => <WonAction auctionId={auctionId} />}
        />
      )}
    </SignedIn>
  );
}
