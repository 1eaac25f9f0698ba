import type { AuctionStatusEnum, ServerMessage } from "@/api/events.gen";
import { placeOf } from "@/lib/room-order";

/** How many bids a room shows; a snapshot holds as many. */
export const BIDS_MAX = 20;

/** A row of the bid list. */
export interface RoomBid {
  readonly bidder: string;
  readonly amount: number;
  readonly auto: boolean;
  readonly seq: number;
  /** When the server took it; absent where it was not said. */
  readonly timestamp?: string;
}

/** An auction as its room knows it: only what the server has said. */
export interface RoomView {
  readonly current_bid: number | null;
  readonly highest_bidder: string | null;
  readonly total_bids: number;
  readonly min_next_bid: number | null;
  readonly end_time: string | null;
  readonly status: AuctionStatusEnum;
  /** null for an auction without a reserve, and stays so. */
  readonly reserve_met: boolean | null;
  readonly winner: string | null;
  readonly sold: boolean;
  readonly final_bid: number | null;
  readonly seq: number;
  /** The newest first; null once bids were taken back: fetch them again. */
  readonly bids: readonly RoomBid[] | null;
}

/** What a snapshot must have to make a view. */
export type SnapshotLike = {
  auction: Omit<RoomView, "bids">;
  bids: readonly RoomBid[];
};

/** The view after a message, and what is missing before it. */
export interface Step {
  view: RoomView;
  gap: { last_seq: number; seq: number } | null;
}

/** The view of a snapshot, or of an auction as read over HTTP. */
export function viewOf({ auction, bids }: SnapshotLike): RoomView {
  return {
    current_bid: auction.current_bid,
    highest_bidder: auction.highest_bidder,
    total_bids: auction.total_bids,
    min_next_bid: auction.min_next_bid,
    end_time: auction.end_time,
    status: auction.status,
    reserve_met: auction.reserve_met,
    winner: auction.winner,
    sold: auction.sold,
    final_bid: auction.final_bid,
    seq: auction.seq,
    bids: rowsOf(bids),
  };
}

/** The view after a message. One that was seen changes nothing; one too early is a gap. */
export function roomReducer(view: RoomView, message: ServerMessage): Step {
  if (message.type === "snapshot") return { view: viewOf(message), gap: null };
  const place = placeOf(message, view.seq);
  const seq = "seq" in message ? message.seq : view.seq;
  if (place === "gap") return { view, gap: { last_seq: view.seq, seq } };
  if (place !== "next") return { view, gap: null };
  const changes = changesOf(view, message);
  if (view.reserve_met === null) delete changes.reserve_met;
  return { view: { ...view, ...changes, seq }, gap: null };
}

/** The view with rows that were read again, for one whose rows are unknown. */
export function withRows(view: RoomView, rows: readonly RoomBid[]): RoomView {
  // What is newer than the view is on its way as a message.
  return { ...view, bids: rowsOf(rows.filter((row) => row.seq <= view.seq)) };
}

type Changes = { -readonly [Key in keyof RoomView]?: RoomView[Key] };
type Standing = Pick<
  RoomView,
  "current_bid" | "highest_bidder" | "min_next_bid" | "total_bids" | "reserve_met" | "end_time"
>;
const STANDING = [
  "current_bid",
  "highest_bidder",
  "min_next_bid",
  "total_bids",
  "reserve_met",
  "end_time",
] as const;

function changesOf(view: RoomView, message: ServerMessage): Changes {
  switch (message.type) {
    case "bid_placed":
      return { ...standing(message), bids: withBid(view, message.bidder, message, false) };
    case "auto_bid_triggered":
      return { ...standing(message), bids: withBid(view, message.auto_bidder, message, true) };
    case "buy_now":
      return {
        current_bid: message.amount,
        highest_bidder: message.user,
        total_bids: view.total_bids + 1,
        bids: withBid(view, message.user, message, false),
      };
    case "reserve_met":
      return { reserve_met: true };
    case "auction_extended":
      return { end_time: message.end_time };
    case "auction_started":
      return { status: "active", end_time: message.end_time, min_next_bid: message.min_next_bid };
    case "auction_ended":
      return {
        ...standing(message),
        status: "ended",
        winner: message.winner,
        final_bid: message.final_bid,
        sold: message.sold,
        min_next_bid: null,
        // A sale describes the bid that was sold, which need not be the highest.
        ...(message.sold && { current_bid: message.final_bid, highest_bidder: message.winner }),
      };
    case "auction_cancelled":
      return { status: message.removed ? "removed" : "cancelled", min_next_bid: null };
    case "price_recomputed":
      return { ...standing(message), bids: null };
    case "price_changed":
      return standing(message);
    default:
      return {};
  }
}

/** Those of the standing's fields that a message has. */
function standing(message: Partial<Standing>): Changes {
  const told = STANDING.filter((name) => message[name] !== undefined);
  return Object.fromEntries(told.map((name) => [name, message[name]]));
}

/** The rows with a new first one; rows that are unknown stay unknown. */
function withBid(
  view: RoomView,
  bidder: string,
  bid: { amount: number; seq: number; timestamp: string },
  auto: boolean,
): readonly RoomBid[] | null {
  if (view.bids === null) return null;
  const { amount, seq, timestamp } = bid;
  return [{ bidder, amount, auto, seq, timestamp }, ...view.bids].slice(0, BIDS_MAX);
}

function rowsOf(rows: readonly RoomBid[]): RoomBid[] {
  return rows
    .map(({ bidder, amount, auto, seq, timestamp }) => ({
      bidder,
      amount,
      auto,
      seq,
      ...(timestamp !== undefined && { timestamp }),
    }))
    .sort((one, other) => other.seq - one.seq)
    .slice(0, BIDS_MAX);
}
