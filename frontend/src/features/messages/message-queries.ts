import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

export type Conversation = Awaited<ReturnType<typeof api.listConversations>>["results"][number];
export type Message = Awaited<ReturnType<typeof api.listConversationMessages>>["results"][number];

/** How often an open conversation asks by itself, should nobody tell that there is news. */
const ASK_AGAIN_MS = 15_000;
const NEWEST = 40;

/** One's conversations, the one with the newest message first. */
export function useConversations() {
  return usePages(keys.messages("conversations"), (page) => api.listConversations({ page }));
}

/** Whom one writes with and what about; null when that is not among the newest conversations. */
export function useConversation(id: number): Conversation | null | undefined {
  const { rows, isError } = useConversations();
  const found = rows?.find((row) => row.id === id);
  return found ?? (rows || isError ? null : undefined);
}

/** The messages of a conversation, newest first, page after page. */
export function useThread(conversationId: number) {
  const client = useQueryClient();
  useEffect(() => {
    const key = keys.messages(conversationId);
    const ask = () =>
      document.visibilityState === "visible" && client.invalidateQueries({ queryKey: key });
    const timer = setInterval(ask, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [client, conversationId]);
  return usePages(keys.messages(conversationId), (page) =>
    api.listConversationMessages(conversationId, { page, page_size: NEWEST }),
  );
}

/** Marks what was written to `meId` as read while it is looked at. */
export function useReading(messages: Message[] | undefined, meId: number): void {
  const client = useQueryClient();
  const unread = (messages ?? [])
    .filter((message) => message.recipient_id === meId && message.read_at === null)
    .map((message) => message.id)
    .join(",");
  useEffect(() => {
    if (unread === "" || document.visibilityState !== "visible") return;
    const marks = unread.split(",").map((id) => api.markMessageRead(id));
    void Promise.allSettled(marks).then(() => client.invalidateQueries({ queryKey: ["messages"] }));
  }, [unread, client]);
}

/** Asks for messages again whenever `pulse` changes: a notification has come in. */
export function useNews(pulse: string): void {
  const client = useQueryClient();
  useEffect(() => {
    if (pulse !== "") void client.invalidateQueries({ queryKey: ["messages"] });
  }, [pulse, client]);
}

/** Whom one has blocked; and how to block, and to take it back. */
export function useBlocks() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["messages"] });
  return {
    list: useQuery({
      queryKey: keys.messages("blocks"),
      queryFn: () => api.listBlockedUsers({ page_size: 100 }),
    }),
    block: useMutation({
      mutationFn: (user: number) => api.blockUser({ user }),
      onSettled: refresh,
    }),
    unblock: useMutation({
      mutationFn: (user: number) => api.unblockUser(user),
      onSettled: refresh,
    }),
  };
}
