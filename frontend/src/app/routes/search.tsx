import { createFileRoute } from "@tanstack/react-router";
import { auctionsQuery } from "@/features/auctions/auction-queries";
import { SearchPage } from "@/features/auctions/search-page";
import { filtersOf, parseSearch } from "@/features/auctions/search-state";

export const Route = createFileRoute("/search")({
  validateSearch: parseSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, deps }) => {
    void queryClient.prefetchQuery(auctionsQuery(filtersOf(deps)));
  },
  component: function Search() {
    return <SearchPage state={Route.useSearch()} />;
  },
});
