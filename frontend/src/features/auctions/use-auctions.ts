import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { AuctionFilters } from "@/api/client";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

/** A page of auctions; while the next one is fetched the last one stays. */
export function useAuctions(filters: AuctionFilters = {}) {
  return useQuery({
    queryKey: keys.auctions(filters),
    queryFn: ({ signal }) => api.getAuctions(filters, { signal }),
    placeholderData: keepPreviousData,
  });
}
