import { useLingui } from "@lingui/react/macro";
import { createFileRoute } from "@tanstack/react-router";
import { SignedIn } from "@/app/signed-in";
import { OrdersPage } from "@/features/payments/orders-page";
import { ORDER_TABS, type OrderTab } from "@/features/payments/tabs";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/my/orders")({
  validateSearch: checked((search: Record<string, unknown>): { tab?: OrderTab } => {
    const tab = ORDER_TABS.find((each) => each === search["tab"]);
    return tab === undefined || tab === "purchases" ? {} : { tab };
  }),
  component: Orders,
});

function Orders() {
  const { t } = useLingui();
  const { tab = "purchases" } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <SignedIn tab={t`Orders and invoices`}>
      {(me) => (
        <OrdersPage
          username={me.username}
          tab={tab}
          onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
        />
      )}
    </SignedIn>
  );
}
