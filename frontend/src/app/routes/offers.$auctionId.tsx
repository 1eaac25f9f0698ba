import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { NotFound } from "@/components/ui/page-states";
import { OffersPage } from "@/features/selling/offers-page";

export const Route = createFileRoute("/offers/$auctionId")({ component: Offers });

function Offers() {
  const { t } = useLingui();
  const id = Number(Route.useParams().auctionId);
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  return (
    <SignedIn tab={t`Offers`}>
      {(me) => <OffersPage key={id} auctionId={id} username={me.username} />}
    </SignedIn>
  );
}
