import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { NotFound } from "@/components/ui/page-states";
import { AuctionCard } from "@/features/auctions/auction-card";
import { STEP_ORDER, type Step } from "@/features/selling/draft";
import { EditPage } from "@/features/selling/edit-page";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/sell/$auctionId")({
  validateSearch: checked((search: Record<string, unknown>): { step?: Step } => {
    const step = STEP_ORDER.find((each) => each === search["step"]);
    return step === undefined || step === "item" ? {} : { step };
  }),
  component: SellListing,
});

function SellListing() {
  const { t } = useLingui();
  const id = Number(Route.useParams().auctionId);
  const { step = "item" } = Route.useSearch();
  const navigate = Route.useNavigate();
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  return (
    <SignedIn tab={t`Sell`}>
      {(me) => (
        <EditPage
          key={id}
          auctionId={id}
          username={me.username}
          step={step}
          onStep={(next) => void navigate({ search: { step: next } })}
          preview={(listing) => <AuctionCard auction={listing} />}
        />
      )}
    </SignedIn>
  );
}
