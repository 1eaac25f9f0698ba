import { createFileRoute } from "@tanstack/react-router";
import {
  idOf,
  oneOf,
  PAYMENT_STATUSES,
  type PaymentFilters,
  PROVIDERS,
} from "@/features/admin/filters";
import { PaymentsPage } from "@/features/admin/payments-page";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/admin/payments")({
  validateSearch: checked(
    (search: Record<string, unknown>): PaymentFilters => ({
      status: oneOf(search["status"], PAYMENT_STATUSES),
      provider: oneOf(search["provider"], PROVIDERS),
      user: idOf(search["user"]),
    }),
  ),
  component: PaymentsPageRoute,
});

function PaymentsPageRoute() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <PaymentsPage
      filters={filters}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })}
    />
  );
}
