import { queryOptions } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

/** Somebody's public profile. */
export function userQuery(id: number) {
  return queryOptions({
    queryKey: keys.user(id),
    queryFn: () => api.getUser(id),
    staleTime: 5 * 60_000,
  });
}
