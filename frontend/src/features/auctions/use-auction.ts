import { useQuery } from "@tanstack/react-query";
import { auctionQuery } from "@/services/auction-query";

/** One auction as read over HTTP; `useLiveAuction` is the one that moves. */
export function useAuction(auctionId: number) {
  return useQuery(auctionQuery(auctionId));
}
