import { queryOptions } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

const ALL = { page_size: 100 };

/** One's saved searches, the newest first. */
export function savedSearchesQuery() {
  return queryOptions({
    queryKey: keys.mine("searches"),
    queryFn: () => api.listSavedSearches(ALL),
  });
}
