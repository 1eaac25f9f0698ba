import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { AuctionCard } from "@/features/auctions/auction-card";
import { WatchlistPage } from "@/features/mine/watchlist-page";

export const Route = createFileRoute("/my/watchlist")({ component: Watchlist });

function Watchlist() {
  const { t } = useLingui();
  return (
    <SignedIn tab={t`Watchlist`}>
      {() => (
        <WatchlistPage
          renderCard={(auction, parts) => <AuctionCard auction={auction} heading="h2" {...parts} />}
        />
      )}
    </SignedIn>
  );
}
