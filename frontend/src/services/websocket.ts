import { APIClient } from "../api/client";
import { ApiError, NetworkError } from "../api/errors";
import type {
  AuctionExtended,
  AutoBidTriggered,
  BidAccepted,
  BidPlaced,
  BidRejected,
  BoughtNow,
  PriceChanged,
  PriceRecomputed,
  ServerMessage,
} from "../api/events.gen";
import { requestId } from "../lib/request-id";
import { placeOf } from "../lib/room-order";
import { clock } from "./clock";
import { CLOSE, LiveSocket, type LiveSocketOptions } from "./live-socket";
import { socketOptions } from "./socket-options";

/** A message after which price, lead or end is another. */
export type BidUpdate =
  | BidPlaced
  | AutoBidTriggered
  | BoughtNow
  | PriceRecomputed
  | PriceChanged
  | AuctionExtended;

export interface SendOptions {
  /** The same one gives the same outcome, here and as `Idempotency-Key` over HTTP. */
  requestId?: string;
  /** How long to wait for the answer, in milliseconds. */
  timeoutMs?: number;
}

interface Waiting {
  resolve(answer: BidAccepted): void;
  reject(error: Error): void;
  timer: ReturnType<typeof setTimeout>;
}

const ANSWER_MS = 4_000;
const RESUME_AGAIN_MS = 2_000;
const UPDATES = new Set<string>([
  "bid_placed",
  "auto_bid_triggered",
  "buy_now",
  "price_recomputed",
  "price_changed",
  "auction_extended",
]);

/**
 * The live room of one auction. Messages come in order, each once; what was missed is asked for.
 * After `disconnect` it may be connected again, to another auction too.
 */
export class WebSocketService extends LiveSocket<ServerMessage> {
  private auctionId = 0;
  private lastSeq: number | null = null;
  private askedAt = Number.NEGATIVE_INFINITY;
  private readonly waiting = new Map<string, Waiting>();
  private readonly messageListeners = new Set<(message: ServerMessage) => void>();

  /** For a client, whose user it is that bids; or by other means. */
  constructor(options: APIClient | LiveSocketOptions = {}) {
    const means = options instanceof APIClient ? socketOptions(() => options) : options;
    super(means, { ping: 7_000, drop: 10_000 });
  }

  /** Enter a room. Settles once it is live; rejects with ApiError 404 where there is none. */
  connect(auctionId: number): Promise<void> {
    this.auctionId = auctionId;
    this.lastSeq = null;
    this.open();
    const entered = new Promise<void>((resolve, reject) => {
      const stop = this.onState((state) => {
        if (state !== "live" && state !== "closed") return;
        stop();
        if (state === "live") resolve();
        else queueMicrotask(() => reject(this.refusal()));
      });
    });
    entered.catch(() => undefined); // whoever does not wait for it is not told either
    return entered;
  }

  /** Leave the room. */
  disconnect(): void {
    this.shut();
  }

  /** Enter again as somebody else, who has logged in or out meanwhile. */
  reconnect(): void {
    if (this.state === "closed") return;
    this.lastSeq = null;
    this.reopen();
  }

  /** Hear of everything that changes price, lead or end. Returns what ends it. */
  onBidUpdate(callback: (update: BidUpdate) => void): () => void {
    return this.onMessage((message) => {
      if (UPDATES.has(message.type)) callback(message as BidUpdate);
    });
  }

  /** Hear every message, in order, each once. Returns what ends it. */
  onMessage(callback: (message: ServerMessage) => void): () => void {
    this.messageListeners.add(callback);
    return () => this.messageListeners.delete(callback);
  }

  /**
   * Bid `amount`, in major units. Raises ApiError when it is refused, NetworkError when no answer
   * came: then it is not known whether it counts, and the same `requestId` may be sent again.
   */
  placeBid(amount: number | string, options: SendOptions = {}): Promise<BidAccepted> {
    return this.ask({ type: "place_bid", amount }, options);
  }

  /** Let the house bid up to a secret maximum. Raises as `placeBid`. */
  setAutoBid(maxBid: number | string, options: SendOptions = {}): Promise<BidAccepted> {
    return this.ask({ type: "set_auto_bid", max_bid: maxBid }, options);
  }

  private ask(body: object, options: SendOptions): Promise<BidAccepted> {
    const id = options.requestId ?? requestId();
    return new Promise((resolve, reject) => {
      if (!this.say({ ...body, request_id: id })) {
        reject(new NetworkError(new Error("The room is not open")));
        return;
      }
      const timer = setTimeout(
        () => this.settle(id)?.reject(new NetworkError(new Error("No answer in time"))),
        options.timeoutMs ?? ANSWER_MS,
      );
      this.waiting.set(id, { resolve, reject, timer });
    });
  }

  protected path(): string {
    const query = this.lastSeq === null ? "" : `?last_seq=${this.lastSeq}`;
    return `/ws/auction/${this.auctionId}/${query}`;
  }

  protected take(message: ServerMessage): boolean {
    if ("server_time" in message) clock.heard(message.server_time);
    if (message.type === "bid_accepted") {
      this.settle(message.request_id)?.resolve(message);
    } else if (message.type === "bid_rejected") {
      this.settle(message.request_id)?.reject(refused(message));
    }
    return this.order(message);
  }

  /** Pass a message on if it is its turn; true when it shows that nothing is missing. */
  private order(message: ServerMessage): boolean {
    if (message.type === "snapshot") {
      this.lastSeq = message.seq;
      this.tell(message);
      return true;
    }
    const place = placeOf(message, this.lastSeq ?? 0);
    if (this.lastSeq === null || place === "gap") {
      this.askFor(this.lastSeq);
      return false;
    }
    if (place === "seen") return false;
    if (place === "next" && "seq" in message) this.lastSeq = message.seq;
    this.tell(message);
    return message.type === "heartbeat" || (place === "next" && this.state === "live");
  }

  private askFor(lastSeq: number | null): void {
    if (lastSeq === null) return; // the snapshot is on its way
    this.missing();
    const now = performance.now();
    if (now - this.askedAt < RESUME_AGAIN_MS) return;
    this.askedAt = now;
    this.say({ type: "resume", last_seq: lastSeq });
  }

  protected cut(): void {
    this.askedAt = Number.NEGATIVE_INFINITY;
    for (const id of [...this.waiting.keys()]) {
      this.settle(id)?.reject(new NetworkError(new Error("The connection was cut")));
    }
  }

  private tell(message: ServerMessage): void {
    for (const listener of [...this.messageListeners]) listener(message);
  }

  private settle(id: string | null): Waiting | undefined {
    const waiting = id === null ? undefined : this.waiting.get(id);
    if (waiting === undefined || id === null) return undefined;
    clearTimeout(waiting.timer);
    this.waiting.delete(id);
    return waiting;
  }

  private refusal(): Error {
    return this.closeCode === CLOSE.unknown
      ? new ApiError(404, "not_found", "There is no such auction", [], {}, null)
      : new NetworkError(new Error("Disconnected"));
  }
}

const STATUS: Record<string, number> = {
  not_authenticated: 401,
  forbidden: 403,
  banned: 403,
  blocked: 403,
  not_found: 404,
  busy: 503,
  unavailable: 503,
};

/** The refusal of a room as HTTP would have it. */
function refused(message: BidRejected): ApiError {
  const { code, error, min_next_bid, details } = message;
  const facts = { ...(min_next_bid !== null && { min_next_bid }), ...(details && { details }) };
  return new ApiError(STATUS[code] ?? 400, code, error, [], facts, null);
}
