import type { OwnBid } from "@/services/my-bids";

export interface Standing {
  /** One's bid that counts: the highest that was not taken back. */
  bid: OwnBid;
  auctionId: number;
}

export interface Standings {
  losing: Standing[];
  winning: Standing[];
  won: Standing[];
  lost: Standing[];
}

/** Where one stands in each auction one has bid in; what ends first comes first. */
export function standingsOf(bids: readonly OwnBid[]): Standings {
  const best = new Map<number, OwnBid>();
  for (const bid of bids) {
    const known = best.get(bid.auction_id);
    if (!known || rank(bid) > rank(known)) best.set(bid.auction_id, bid);
  }
  const found: Standings = { losing: [], winning: [], won: [], lost: [] };
  for (const [auctionId, bid] of best) {
    found[placeOf(bid)].push({ auctionId, bid });
  }
  const byEnd = (a: Standing, b: Standing) => endOf(a) - endOf(b);
  found.losing.sort(byEnd);
  found.winning.sort(byEnd);
  found.won.sort((a, b) => byEnd(b, a));
  found.lost.sort((a, b) => byEnd(b, a));
  return found;
}

/** A bid that leads or has won counts more than any other, then the amount; void ones least. */
function rank(bid: OwnBid): number {
  if (bid.status === "won" || bid.status === "leading") return Number.MAX_VALUE;
  return bid.status === "void" ? -1 : bid.amount;
}

function placeOf({ status, auction }: OwnBid): keyof Standings {
  if (status === "won") return "won";
  if (auction.status !== "active") return "lost";
  return status === "leading" ? "winning" : "losing";
}

function endOf({ bid }: Standing): number {
  const end = bid.auction.end_time;
  return end === null ? Number.MAX_SAFE_INTEGER : new Date(end).getTime();
}
