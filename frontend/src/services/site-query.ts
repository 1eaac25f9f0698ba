import { queryOptions } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "./session";

/** What the house says of itself: its name, currency, demo accounts. */
export function siteQuery() {
  return queryOptions({
    queryKey: keys.site,
    queryFn: () => api.getSite(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
