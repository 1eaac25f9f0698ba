import type { BidState } from "./bid-sender";
import { type RoomBid, type RoomView, viewOf } from "./room-reducer";
import type { You } from "./room-store";

/** A row of the list; `pending` while the house has not said that it counts. */
export interface ShownBid extends RoomBid {
  readonly pending?: true;
}

type AsRead = Omit<RoomView, "bids"> & { bids: readonly RoomBid[] };

/** The newer of what the room has said and what was read over HTTP. */
export function newest(view: RoomView | null, auction: AsRead | undefined): RoomView | null {
  if (auction === undefined) return view;
  if (view !== null && view.seq >= auction.seq) return view;
  return viewOf({ auction, bids: auction.bids });
}

/**
 * The row of a bid under way: shown at once, gone when it is refused and when the room shows the
 * bid itself. Price and lead stay what the house has said.
 */
export function pendingRow(
  view: RoomView | null,
  bid: BidState,
  username: string | null,
): ShownBid | null {
  if (view === null || username === null || !("kind" in bid) || bid.kind !== "bid") return null;
  const row = { bidder: username, amount: bid.amount, auto: false, seq: view.seq + 1 };
  if (bid.step === "sending" || bid.step === "unknown") return { ...row, pending: true };
  const isAhead = bid.step === "accepted" && (bid.placed.seq ?? 0) > view.seq;
  return isAhead ? row : null;
}

/** Where the user stands, by his last snapshot and by what the room has shown since. */
export function standingOf(you: You, view: RoomView | null, username: string | null): You {
  if (you === null || view === null || username === null) return you;
  const own = (view.bids ?? []).filter((bid) => bid.bidder === username).map((bid) => bid.amount);
  const highest = Math.max(you.highest_bid ?? 0, ...own);
  return {
    ...you,
    leading: view.highest_bidder === username,
    highest_bid: highest > 0 ? highest : null,
  };
}
