import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { AuctionCard } from "@/features/auctions/auction-card";
import { MyListingsPage } from "@/features/mine/my-listings-page";
import { LISTING_TABS, type ListingTab } from "@/features/mine/tabs";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/my/listings")({
  validateSearch: checked((search: Record<string, unknown>): { tab?: ListingTab } => {
    const tab = LISTING_TABS.find((each) => each === search["tab"]);
    return tab === undefined || tab === "all" ? {} : { tab };
  }),
  component: MyListings,
});

function MyListings() {
  const { t } = useLingui();
  const { tab = "all" } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <SignedIn tab={t`My listings`}>
      {() => (
        <MyListingsPage
          tab={tab}
          onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
          renderCard={(auction, parts) => <AuctionCard auction={auction} heading="h2" {...parts} />}
        />
      )}
    </SignedIn>
  );
}
