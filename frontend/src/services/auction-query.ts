import { queryOptions } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "./session";

/** One auction with its pictures and newest bids. */
export function auctionQuery(id: number) {
  return queryOptions({
    queryKey: keys.auction(id),
    queryFn: ({ signal }) => api.getAuction(id, { signal }),
  });
}
