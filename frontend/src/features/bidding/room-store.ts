import type { RoomAuction, ServerMessage, Snapshot } from "@/api/events.gen";
import type { ConnectionState } from "@/services/live-socket";
import { api, onIdentity, sockets } from "@/services/session";
import { WebSocketService } from "@/services/websocket";
import { BidSender, type BidState } from "./bid-sender";
import { waysOf } from "./bid-ways";
import { type RoomView, roomReducer, viewOf, withRows } from "./room-reducer";

/** Where the user stands, told to nobody else; null for a stranger. */
export type You = Snapshot["you"];

/** Everything a page knows of a live room. */
export interface RoomState {
  connection: ConnectionState;
  /** null until the room has said something. */
  view: RoomView | null;
  /** The auction as the last snapshot had it; what moves is in `view`. */
  auction: RoomAuction | null;
  you: You;
  /** null until told. */
  watchers: number | null;
  /** The bid that is being sent, or what became of the last one. */
  bid: BidState;
}

const PUBLISH_MS = 100; // no screen needs more; a storm of bids leaves the page usable
const LEAVE_MS = 2_000;
const ROWS_AGAIN_MS = 1_000;

const NOTHING: RoomState = {
  connection: "connecting",
  view: null,
  auction: null,
  you: null,
  watchers: null,
  bid: { step: "idle" },
};

/** One room of this page, for any number of components; open while one of them listens. */
class RoomStore {
  private readonly service = new WebSocketService(sockets);
  private readonly sender: BidSender;
  private readonly listeners = new Set<() => void>();
  private readonly endings: (() => void)[] = [];
  private published = NOTHING;
  private state = NOTHING;
  private publishedAt = 0;
  private publishing: ReturnType<typeof setTimeout> | undefined;
  private leaving: ReturnType<typeof setTimeout> | undefined;
  private readingRows = false;

  constructor(private readonly auctionId: number) {
    this.sender = new BidSender(waysOf(auctionId, this.service), (bid) => this.changeNow({ bid }));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    clearTimeout(this.leaving);
    if (this.listeners.size === 0 && this.endings.length === 0) this.enter();
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.leaving = setTimeout(() => this.leave(), LEAVE_MS);
    };
  };

  readonly read = (): RoomState => this.published;

  readonly onMessage = (callback: (message: ServerMessage) => void) =>
    this.service.onMessage(callback);

  /** The house has answered by HTTP: try the socket again now. */
  readonly nudge = () => this.service.nudge();

  /** Enter anew: where the user stands has changed by another way than a bid. */
  readonly rejoin = () => this.service.reconnect();

  /** Send a bid; one at a time. */
  readonly place: BidSender["place"] = async (kind, amount) => {
    const state = await this.sender.place(kind, amount);
    if (state.step === "accepted") this.accepted(state.placed.leading, state.placed);
    return state;
  };

  readonly retry = () => this.sender.retry();
  readonly reset = () => this.sender.reset();

  private enter(): void {
    this.endings.push(
      this.service.onMessage((message) => this.hear(message)),
      this.service.onState((connection) => this.changeNow({ connection })),
      onIdentity(() => {
        this.changeNow({ you: null });
        this.service.reconnect();
      }),
    );
    void this.service.connect(this.auctionId);
  }

  private leave(): void {
    rooms.delete(this.auctionId);
    for (const end of this.endings.splice(0)) end();
    clearTimeout(this.publishing);
    this.service.disconnect();
  }

  private hear(message: ServerMessage): void {
    if (message.type === "snapshot") {
      this.change({ view: viewOf(message), auction: message.auction, you: message.you });
    } else if (message.type === "watchers") {
      this.change({ watchers: message.count });
    } else if (message.type === "user_outbid") {
      this.standAs({ leading: false });
    } else if (message.type === "bid_accepted") {
      this.accepted(message.leading, { amount: message.amount, maxBid: message.max_bid ?? null });
    } else if (this.state.view !== null) {
      const { view } = roomReducer(this.state.view, message);
      if (view !== this.state.view) this.change({ view });
      if (view.bids === null) void this.readRows();
    }
  }

  private accepted(
    leading: boolean | null,
    bid: { amount: number | null; maxBid: number | null },
  ): void {
    const { you } = this.state;
    this.standAs({
      ...(leading !== null && { leading }),
      ...(bid.maxBid !== null && { max_bid: bid.maxBid }),
      ...(bid.amount !== null && { highest_bid: Math.max(bid.amount, you?.highest_bid ?? 0) }),
    });
  }

  private standAs(changes: Partial<NonNullable<You>>): void {
    const before = this.state.you ?? {
      leading: false,
      seller: false,
      max_bid: null,
      highest_bid: null,
    };
    this.change({ you: { ...before, ...changes } });
  }

  /** Read the rows again after bids were taken back. */
  private async readRows(): Promise<void> {
    if (this.readingRows) return;
    this.readingRows = true;
    try {
      const auction = await api.getAuction(this.auctionId);
      const { view } = this.state;
      if (view !== null && view.bids === null && auction.seq >= view.seq) {
        this.change({ view: withRows(view, auction.bids) });
      }
    } catch {
      // Nobody answers; the next message, or the next try, asks again.
    } finally {
      this.readingRows = false;
    }
    if (this.state.view?.bids === null && this.endings.length > 0) {
      setTimeout(() => void this.readRows(), ROWS_AGAIN_MS);
    }
  }

  /** What the user did himself, and what he may trust, is shown without delay. */
  private changeNow(changes: Partial<RoomState>): void {
    this.state = { ...this.state, ...changes };
    this.publish();
  }

  private change(changes: Partial<RoomState>): void {
    this.state = { ...this.state, ...changes };
    if (this.publishing !== undefined) return;
    const wait = this.publishedAt + PUBLISH_MS - performance.now();
    if (wait <= 0) this.publish();
    else this.publishing = setTimeout(() => this.publish(), wait);
  }

  private publish(): void {
    clearTimeout(this.publishing);
    this.publishing = undefined;
    this.publishedAt = performance.now();
    this.published = this.state;
    for (const listener of [...this.listeners]) listener();
  }
}

const rooms = new Map<number, RoomStore>();

/** The page's one store of a room; it connects once somebody subscribes. */
export function roomOf(auctionId: number): RoomStore {
  let room = rooms.get(auctionId);
  if (room === undefined) {
    room = new RoomStore(auctionId);
    rooms.set(auctionId, room);
  }
  return room;
}
