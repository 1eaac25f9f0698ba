import { APIClient } from "../api/client";
import type { components } from "../api/schema.gen";
import { clock } from "./clock";
import { LiveSocket, type LiveSocketOptions } from "./live-socket";
import { socketOptions } from "./socket-options";

export type Notification = components["schemas"]["Notification"];

/** What the house says on the socket of notifications. */
export type NotificationMessage =
  | { type: "ready"; unread_count: number; last_id: number }
  | ({ type: "notification"; unread_count: number } & Notification)
  | { type: "unread_count"; unread_count: number }
  | { type: "pong"; server_time: string }
  | { type: "error"; code: string; error: string };

/** One's own notifications, each once, also those of a time without connection. */
export class NotificationSocket extends LiveSocket<NotificationMessage> {
  protected override readonly needsTicket = true;
  private lastId: number | null = null;
  private readonly listeners = new Set<(message: NotificationMessage) => void>();

  /** For a client, whose user it is; or by other means. */
  constructor(options: APIClient | LiveSocketOptions = {}) {
    const means = options instanceof APIClient ? socketOptions(() => options) : options;
    super(means, { ping: 20_000, drop: 25_000 });
  }

  /** Begin now, or after the notification that was heard last. Nobody's socket closes by itself. */
  connect(afterId: number | null = null): void {
    this.lastId = afterId;
    this.open();
  }

  /** Hear nothing any more. */
  disconnect(): void {
    this.shut();
  }

  /** Hear every message, each notification once. Returns what ends it. */
  onMessage(callback: (message: NotificationMessage) => void): () => void {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  /** After which one a new connection begins. */
  get newestId(): number | null {
    return this.lastId;
  }

  protected path(): string {
    return `/ws/notifications/${this.lastId === null ? "" : `?last_id=${this.lastId}`}`;
  }

  protected take(message: NotificationMessage): boolean {
    if (message.type === "pong") clock.heard(message.server_time);
    // Ids may come out of order, for they are committed so: the highest one counts.
    if (message.type === "notification") this.lastId = Math.max(this.lastId ?? 0, message.id);
    if (message.type === "ready") this.lastId ??= message.last_id;
    for (const listener of [...this.listeners]) listener(message);
    return message.type !== "error";
  }

  protected cut(): void {
    // Nothing is asked that would wait for an answer.
  }
}
