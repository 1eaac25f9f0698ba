import { useQuery } from "@tanstack/react-query";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

/** The newest notifications and how many are unread. */
export function useNotifications() {
  const { data } = useQuery({
    queryKey: keys.notifications(),
    queryFn: () => api.listNotifications(),
  });
  return { page: data, unread: data?.unread_count ?? 0 };
}
