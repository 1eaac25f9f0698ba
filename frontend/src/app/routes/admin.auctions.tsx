import { createFileRoute } from "@tanstack/react-router";
import { AuctionsPage } from "@/features/admin/auctions-page";
import {
  AUCTION_STATUSES,
  type AuctionFilters,
  idOf,
  oneOf,
  textOf,
} from "@/features/admin/filters";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/admin/auctions")({
  validateSearch: checked(
    (search: Record<string, unknown>): AuctionFilters => ({
      status: oneOf(search["status"], AUCTION_STATUSES),
      seller: idOf(search["seller"]),
      search: textOf(search["search"]),
    }),
  ),
  component: AuctionsPageRoute,
});

function AuctionsPageRoute() {
  const filters = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AuctionsPage
      filters={filters}
      onFilter={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })}
    />
  );
}
