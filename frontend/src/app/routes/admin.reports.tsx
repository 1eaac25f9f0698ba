import { createFileRoute } from "@tanstack/react-router";
import { oneOf, REPORT_KINDS, REPORT_STATES, type ReportFilters } from "@/features/admin/filters";
import { ReportsPage } from "@/features/admin/reports-page";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/admin/reports")({
  validateSearch: checked(
    (search: Record<string, unknown>): ReportFilters => ({
      state: oneOf(search["state"], REPORT_STATES),
      kind: oneOf(search["kind"], REPORT_KINDS),
    }),
  ),
  component: ReportsPageRoute,
});

function ReportsPageRoute() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ReportsPage
      filters={filters}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })}
    />
  );
}
