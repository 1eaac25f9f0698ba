import { createFileRoute } from "@tanstack/react-router";
import { AppealsPage } from "@/features/admin/appeals-page";
import { APPEAL_STATES, type AppealFilters, oneOf } from "@/features/admin/filters";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/admin/appeals")({
  validateSearch: checked(
    (search: Record<string, unknown>): AppealFilters => ({
      state: oneOf(search["state"], APPEAL_STATES),
    }),
  ),
  component: AppealsPageRoute,
});

function AppealsPageRoute() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AppealsPage
      filters={filters}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })}
    />
  );
}
