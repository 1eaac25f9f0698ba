import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { useNotifications } from "./use-notifications";

/** One's notifications, page after page, asked for again when something new comes in. */
export function useNotificationList(unreadOnly: boolean) {
  const client = useQueryClient();
  const { page, unread } = useNotifications();
  const list = usePages(keys.notifications({ list: unreadOnly ? "unread" : "all" }), (number) =>
    unreadOnly
      ? api.listUnreadNotifications({ page: number })
      : api.listNotifications({ page: number }),
  );

  const news = `${unread} ${page?.results[0]?.id ?? ""}`;
  const seen = useRef(news);
  useEffect(() => {
    if (seen.current === news) return;
    seen.current = news;
    void client.invalidateQueries({ queryKey: ["notifications", { list: "all" }] });
    void client.invalidateQueries({ queryKey: ["notifications", { list: "unread" }] });
  }, [news, client]);

  return { ...list, unread };
}

/** Marks one, or all, as read. */
export function useMarkRead() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["notifications"] });
  const one = useMutation({
    mutationFn: (id: number) => api.readNotification(id),
    onSettled: refresh,
  });
  const all = useMutation({
    mutationFn: () => api.readAllNotifications(),
    onSettled: refresh,
  });
  return { one, all };
}
