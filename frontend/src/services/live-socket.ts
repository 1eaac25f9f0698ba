import ReconnectingSocket from "partysocket/ws";

/**
 * `live`: everything the server has said is known. `reconnecting`: it is being fetched, for some
 * seconds. `stale`: for longer; what is shown may be old. `closed`: not wanted, or refused.
 */
export type ConnectionState = "connecting" | "live" | "reconnecting" | "stale" | "closed";

/** Close codes of the house. */
export const CLOSE = { unauthenticated: 4401, unknown: 4404, tooMany: 4429 } as const;

export interface LiveSocketOptions {
  /** Where the house is; "" for the page's own. */
  baseUrl?: string;
  /** A single-use ticket for whoever is logged in; null for nobody. */
  ticket?: () => Promise<string | null>;
  /** Another WebSocket class, for tests. */
  WebSocket?: unknown;
}

/** How long silence may last, in milliseconds. */
export interface Patience {
  ping: number;
  drop: number;
}

const TICK_MS = 1_000;
const STALE_MS = 10_000;
const TOO_MANY_SOCKETS_MS = 30_000;
const LATE_TICK_MS = 3_000;
const CONNECT_MS = 8_000;
const DELAY_MIN_MS = 300;
const DELAY_MAX_MS = 8_000;
const PROTOCOL = "bidbazaar.v1";
const IS_OPEN = 1;
const IS_CLOSED = 3;

/** A socket that comes back by itself and is honest about how it stands. */
export abstract class LiveSocket<Message extends { type: string }> {
  private socket: ReconnectingSocket | null = null;
  private current: ConnectionState = "closed";
  private ticker: ReturnType<typeof setInterval> | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private tickedAt = 0;
  private heardAt = 0;
  private liveAt = 0;
  private pinged = false;
  private readonly stateListeners = new Set<(state: ConnectionState) => void>();
  /** The last code the server closed with; null while all is well. */
  closeCode: number | null = null;
  /** Whether a stranger need not even try. */
  protected readonly needsTicket: boolean = false;

  protected constructor(
    protected readonly options: LiveSocketOptions,
    private readonly patience: Patience,
  ) {}

  /** Path and query of the next handshake. */
  protected abstract path(): string;
  /** Take one message; true once nothing is missing any more. */
  protected abstract take(message: Message): boolean;
  /** The line is cut; what was asked gets no answer. */
  protected abstract cut(): void;

  get state(): ConnectionState {
    return this.current;
  }

  /** Hear of every change of the connection's state. Returns what ends it. */
  onState(listener: (state: ConnectionState) => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Ask now instead of waiting: the network is back, the page is looked at again. */
  readonly wake = (): void => {
    if (this.socket === null) return;
    if (this.socket.readyState !== IS_OPEN) this.reopen();
    else this.probe();
  };

  /** The house has answered another way: do not wait for the next try, but disturb none. */
  nudge(): void {
    if (this.socket?.readyState === IS_CLOSED && this.pause === undefined) this.reopen();
  }

  protected open(): void {
    this.shut();
    this.become("connecting");
    this.liveAt = this.heardAt = this.tickedAt = performance.now();
    this.ticker = setInterval(() => this.tick(), TICK_MS);
    globalThis.addEventListener?.("online", this.wake);
    globalThis.document?.addEventListener("visibilitychange", this.seen);
    this.dial();
  }

  protected shut(): void {
    clearInterval(this.ticker);
    clearTimeout(this.pause);
    this.pause = undefined;
    globalThis.removeEventListener?.("online", this.wake);
    globalThis.document?.removeEventListener("visibilitychange", this.seen);
    this.hangUp();
    this.cut();
    this.closeCode = null;
    this.become("closed");
  }

  /** Send now or not at all: nothing is queued for a later connection. */
  protected say(body: object): boolean {
    if (this.socket?.readyState !== IS_OPEN) return false;
    return this.socket.send(JSON.stringify(body));
  }

  /** Something is known to be missing until `take` says otherwise. */
  protected missing(): void {
    if (this.current === "live") this.become("reconnecting");
  }

  /** Begin again with a new connection, as somebody else or after too long a silence. */
  protected reopen(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    this.cut();
    this.missing();
    this.heardAt = performance.now();
    this.pinged = false;
    this.hangUp();
    this.dial(); // anew: a socket that waits for its next try would go on waiting
  }

  private hangUp(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private dial(): void {
    const socket: ReconnectingSocket = new ReconnectingSocket(
      () => this.url(),
      () => this.protocols(),
      {
        WebSocket: this.options.WebSocket,
        maxEnqueuedMessages: 0,
        connectionTimeout: CONNECT_MS,
        minReconnectionDelay: DELAY_MIN_MS * (1 + Math.random()),
        maxReconnectionDelay: DELAY_MAX_MS * (1 + Math.random() / 4),
        reconnectionDelayGrowFactor: 1.6,
        shouldReconnectOnClose: (event) => this.socket === socket && this.mayReturn(event.code),
      },
    );
    socket.onopen = () => {
      this.heardAt = performance.now();
      this.pinged = false;
    };
    socket.onmessage = (event) => this.hear(event.data);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.cut();
      this.missing();
    };
    this.socket = socket;
  }

  private url(): string {
    const base = this.options.baseUrl || globalThis.location?.origin;
    return base.replace(/^http/, "ws").replace(/\/$/, "") + this.path();
  }

  private async protocols(): Promise<string[]> {
    const ticket = (await this.options.ticket?.()) ?? null;
    if (ticket === null && this.needsTicket) this.giveUp(CLOSE.unauthenticated);
    return ticket === null ? [PROTOCOL] : [PROTOCOL, `ticket.${ticket}`];
  }

  private mayReturn(code: number): boolean {
    this.closeCode = code;
    if (code === CLOSE.unknown) {
      queueMicrotask(() => this.giveUp(code));
      return false;
    }
    if (code === CLOSE.tooMany) {
      this.pause = setTimeout(() => this.reopen(), TOO_MANY_SOCKETS_MS);
      return false;
    }
    return true;
  }

  /** Close for good, with a reason. */
  protected giveUp(code: number): void {
    this.shut();
    this.closeCode = code;
  }

  private hear(data: unknown): void {
    this.heardAt = performance.now();
    this.pinged = false;
    let message: Message;
    try {
      message = JSON.parse(String(data)) as Message;
    } catch {
      return; // nothing of ours
    }
    if (this.take(message)) {
      this.liveAt = this.heardAt;
      this.closeCode = null;
      this.become("live");
    }
  }

  private readonly seen = (): void => {
    if (document.visibilityState === "visible") this.wake();
  };

  /** Ask whether the other end is there, with little patience for the answer. */
  private probe(): void {
    if (this.say({ type: "ping" })) this.pinged = true;
    this.heardAt = performance.now() - this.patience.ping;
  }

  private tick(): void {
    const now = performance.now();
    const late = now - this.tickedAt - TICK_MS > LATE_TICK_MS;
    this.tickedAt = now;
    if (this.socket?.readyState === IS_OPEN) {
      // After a sleep the messages of meanwhile may still wait behind this tick.
      if (late) this.probe();
      else if (now - this.heardAt > this.patience.drop) this.reopen();
      else if (now - this.heardAt > this.patience.ping && !this.pinged) this.probe();
    }
    if (this.current === "live") this.liveAt = now;
    else if (now - this.liveAt > STALE_MS) this.become("stale");
  }

  private become(state: ConnectionState): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of [...this.stateListeners]) listener(state);
  }
}
