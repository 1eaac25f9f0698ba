import { createFileRoute } from "@tanstack/react-router";
import { auctionsQuery } from "@/features/auctions/auction-queries";
import { SearchPage } from "@/features/auctions/search-page";
import { filtersOf, parseSearch } from "@/features/auctions/search-state";
import { checked } from "@/lib/checked-search";

export const Route = createFileRoute("/search")({
  validateSearch: checked(parseSearch),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, deps }) => {
    void queryClient.prefetchQuery(auctionsQuery(filtersOf(deps)));
  },
  component: function Search() {
    return <SearchPage state={Route.useSearch()} />;
  },
});
