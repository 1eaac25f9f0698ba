import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "@/features/admin/audit-page";
import { ACTS, type AuditFilters, idOf, oneOf } from "@/features/admin/filters";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/admin/audit")({
  validateSearch: checked(
    (search: Record<string, unknown>): AuditFilters => ({
      act: oneOf(search["act"], ACTS),
      actor: idOf(search["actor"]),
      target_id: idOf(search["target_id"]),
    }),
  ),
  component: AuditPageRoute,
});

function AuditPageRoute() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AuditPage
      filters={filters}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })}
    />
  );
}
