import { useQuery } from "@tanstack/react-query";
import type { components } from "@/api/schema.gen";
import { everyRow } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "./session";

/** One's own bid, with its auction in short. */
export type OwnBid = components["schemas"]["OwnBid"];

const PAGE_SIZE = 100;
const LOOK_AGAIN_MS = 15_000;

/** All bids one has made, newest first; looked at again while the page is in view. */
export function useMyBids() {
  return useQuery({
    queryKey: keys.mine("bids"),
    queryFn: () => everyRow((page) => api.listMyBids({ page, page_size: PAGE_SIZE })),
    refetchInterval: LOOK_AGAIN_MS,
  });
}
