import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { NotFound } from "@/components/ui/page-states";
import { CheckoutPage } from "@/features/payments/checkout-page";

export const Route = createFileRoute("/checkout/$auctionId")({ component: Checkout });

function Checkout() {
  const { t } = useLingui();
  const id = Number(Route.useParams().auctionId);
  if (!Number.isSafeInteger(id) || id < 1) return <NotFound />;
  return (
    <SignedIn tab={t`Checkout`}>
      {(me) => <CheckoutPage key={id} auctionId={id} username={me.username} />}
    </SignedIn>
  );
}
