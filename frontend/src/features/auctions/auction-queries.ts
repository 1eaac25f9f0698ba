import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AuctionFilters } from "@/api/client";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

const LIVE_POLL_MS = 5_000;

/** A page of auctions by its filters. */
export function auctionsQuery(filters: AuctionFilters) {
  return queryOptions({
    queryKey: keys.auctions(filters),
    queryFn: ({ signal }) => api.getAuctions(filters, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** What is bid on most, asked for again and again while somebody looks. */
export function liveNowQuery() {
  const options = auctionsQuery({ status: ["active"], ordering: ["-total_bids"], page_size: 8 });
  return { ...options, refetchInterval: LIVE_POLL_MS };
}

/** What ends next. */
export const endingSoonQuery = () =>
  auctionsQuery({
    status: ["active"],
    closing: ["timed"],
    ordering: ["ending_soon"],
    page_size: 16,
  });

/** What has opened last; also where the categories take their pictures from. */
export const newestQuery = () =>
  auctionsQuery({ status: ["active"], ordering: ["-start_time"], page_size: 60 });

/** What found a buyer. */
export const soldQuery = () => auctionsQuery({ sold: true, ordering: ["-end_time"], page_size: 6 });

/** Every category, with how much is in it. */
export function categoriesQuery() {
  return queryOptions({
    queryKey: keys.categories,
    queryFn: () => api.listCategories(),
    staleTime: 10 * 60_000,
  });
}
