import { createFileRoute } from "@tanstack/react-router";
import { oneOf, ROLES, textOf, USER_STATUSES, type UserFilters } from "@/features/admin/filters";
import { UsersPage } from "@/features/admin/users-page";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/admin/users")({
  validateSearch: checked(
    (search: Record<string, unknown>): UserFilters => ({
      status: oneOf(search["status"], USER_STATUSES),
      role: oneOf(search["role"], ROLES),
      search: textOf(search["search"]),
    }),
  ),
  component: UsersPageRoute,
});

function UsersPageRoute() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <UsersPage
      filters={filters}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })}
    />
  );
}
