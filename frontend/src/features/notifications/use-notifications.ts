import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { keys } from "@/lib/query";
import { notificationFeed } from "@/services/notification-feed";
import { api } from "@/services/session";

/** The newest notifications and how many are unread, as the house tells it. */
export function useNotifications() {
  const client = useQueryClient();
  const live = useSyncExternalStore(
    notificationFeed.subscribe,
    notificationFeed.read,
    notificationFeed.read,
  );
  const { data, dataUpdatedAt } = useQuery({
    queryKey: keys.notifications(),
    queryFn: () => api.listNotifications(),
  });
  const { unread } = live;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another count means other rows
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["notifications"] });
  }, [client, unread]);
  const isTold = unread !== null && live.toldAtMs >= dataUpdatedAt;
  return {
    page: data,
    unread: isTold ? unread : (data?.unread_count ?? 0),
    connection: live.connection,
  };
}
