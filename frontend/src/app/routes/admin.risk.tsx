import { createFileRoute } from "@tanstack/react-router";
import { CASE_KINDS, CASE_STATES, type CaseFilters, idOf, oneOf } from "@/features/admin/filters";
import { RiskPage } from "@/features/admin/risk-page";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/admin/risk")({
  validateSearch: checked(
    (search: Record<string, unknown>): CaseFilters => ({
      state: oneOf(search["state"], CASE_STATES),
      kind: oneOf(search["kind"], CASE_KINDS),
      user: idOf(search["user"]),
    }),
  ),
  component: RiskPageRoute,
});

function RiskPageRoute() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <RiskPage
      filters={filters}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })}
    />
  );
}
