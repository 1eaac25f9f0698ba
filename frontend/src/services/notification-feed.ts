import type { ConnectionState } from "./live-socket";
import {
  type Notification,
  type NotificationMessage,
  NotificationSocket,
} from "./notification-socket";
import { identity, onIdentity, sockets } from "./session";

/** What is known of one's notifications without asking. */
export interface FeedState {
  connection: ConnectionState;
  /** null until told. */
  unread: number | null;
  /** When that was told, in milliseconds since 1970 by this machine. */
  toldAtMs: number;
}

/** What tabs tell each other. */
type Word =
  | { kind: "heard"; message: NotificationMessage }
  | { kind: "state"; connection: ConnectionState; unread: number | null; lastId: number | null }
  | { kind: "who" };

const NOTHING: FeedState = { connection: "closed", unread: null, toldAtMs: 0 };

/**
 * The notifications of this browser: one tab holds the socket and tells the others, and when it is
 * closed another takes over where it was. Open while somebody listens and is logged in.
 */
class NotificationFeed {
  private readonly socket = new NotificationSocket(sockets);
  private readonly changeListeners = new Set<() => void>();
  private readonly newsListeners = new Set<(notification: Notification) => void>();
  private state = NOTHING;
  private channel: BroadcastChannel | null = null;
  private stop: (() => void) | null = null;
  private isSpeaker = false;
  private lastId: number | null = null;
  private seen = new Set<number>();

  constructor() {
    this.socket.onMessage((message) => {
      this.tell({ kind: "heard", message });
      this.hear(message);
      this.lastId = this.socket.newestId;
    });
    this.socket.onState((connection) => {
      this.change({ connection });
      this.tellState();
    });
    onIdentity(() => {
      this.leave();
      if (this.changeListeners.size > 0) this.enter();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.changeListeners.size === 0) this.enter();
    this.changeListeners.add(listener);
    return () => {
      this.changeListeners.delete(listener);
      if (this.changeListeners.size === 0) this.leave();
    };
  };

  readonly read = (): FeedState => this.state;

  /** Hear each new notification once in this tab. Returns what ends it. */
  readonly onNotification = (listener: (notification: Notification) => void): (() => void) => {
    this.newsListeners.add(listener);
    return () => this.newsListeners.delete(listener);
  };

  private enter(): void {
    const user = identity();
    if (this.stop !== null || user === null) return;
    const name = `notifications-${user}`;
    const ending = new AbortController();
    this.stop = () => ending.abort();
    this.channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
    this.channel?.addEventListener("message", (event) => this.listen(event.data as Word));
    // Locks need a secure context; a house on plain HTTP gets a socket for each tab.
    if (this.channel === null || !globalThis.navigator?.locks) {
      void this.speak(ending.signal);
      return;
    }
    this.tell({ kind: "who" });
    const hold = () => this.speak(ending.signal);
    navigator.locks.request(name, { signal: ending.signal }, hold).catch(() => undefined);
  }

  /** Hold the socket until the signal. */
  private speak(until: AbortSignal): Promise<void> {
    if (until.aborted) return Promise.resolve();
    this.isSpeaker = true;
    this.socket.connect(this.lastId);
    return new Promise((resolve) => {
      until.addEventListener("abort", () => {
        this.isSpeaker = false;
        this.socket.disconnect();
        resolve();
      });
    });
  }

  private leave(): void {
    this.stop?.();
    this.stop = null;
    this.channel?.close();
    this.channel = null;
    this.lastId = null;
    this.seen = new Set();
    this.change(NOTHING);
  }

  private listen(word: Word): void {
    if (word.kind === "who") {
      if (this.isSpeaker) this.tellState();
    } else if (this.isSpeaker) {
      return; // another's socket from before this tab took over
    } else if (word.kind === "heard") {
      this.hear(word.message);
    } else {
      this.lastId = word.lastId ?? this.lastId;
      if (word.unread !== null) this.change({ unread: word.unread, toldAtMs: Date.now() });
      this.change({ connection: word.connection });
    }
  }

  private hear(message: NotificationMessage): void {
    if ("unread_count" in message) {
      this.change({ unread: message.unread_count, toldAtMs: Date.now() });
    }
    if (message.type === "ready") this.lastId ??= message.last_id;
    if (message.type !== "notification" || this.seen.has(message.id)) return;
    this.seen.add(message.id);
    this.lastId = Math.max(this.lastId ?? 0, message.id);
    for (const listener of [...this.newsListeners]) listener(message);
  }

  private tellState(): void {
    const { connection, unread } = this.state;
    if (this.isSpeaker) this.tell({ kind: "state", connection, unread, lastId: this.lastId });
  }

  private tell(word: Word): void {
    this.channel?.postMessage(word);
  }

  private change(changes: Partial<FeedState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of [...this.changeListeners]) listener();
  }
}

export const notificationFeed = new NotificationFeed();
