import type { components } from "@/api/schema.gen";

export type OfferBid = components["schemas"]["Bid"];

export type OfferState = "open" | "ahead" | "over" | "taken" | "passed" | "void";

/** An offer with its place on the time line, in hundredths of its length. */
export interface Offer {
  bid: OfferBid;
  state: OfferState;
  from: number;
  length: number;
}

export interface TimeLine {
  offers: Offer[];
  startMs: number;
  endMs: number;
  /** Where now is, in hundredths; null beyond either end. */
  now: number | null;
  /** Where the listing ends; null beyond either end, or without an end. */
  end: number | null;
}

const LENGTH_MIN = 1; // hundredths; what is shorter cannot be seen

/** All offers on one time line: those that can be taken first, the highest first. */
export function timeLineOf(
  bids: readonly OfferBid[],
  nowMs: number,
  endTime: string | null,
  isSold = false,
): TimeLine {
  const windows = bids.map((bid) => windowOf(bid));
  const startMs = Math.min(nowMs, ...windows.map((window) => window.from));
  const endMs = Math.max(nowMs + 1, ...windows.map((window) => window.until));
  const share = (ms: number) => ((ms - startMs) / (endMs - startMs)) * 100;
  const offers = bids.map((bid, place): Offer => {
    const { from, until } = windows[place] ?? windowOf(bid);
    const length = Math.max(LENGTH_MIN, share(until) - share(from));
    return { bid, state: stateOf(bid, from, until, nowMs, isSold), from: share(from), length };
  });
  offers.sort((a, b) => rank(a) - rank(b) || b.bid.amount - a.bid.amount);
  const within = (ms: number) => (ms >= startMs && ms <= endMs ? share(ms) : null);
  const end = endTime === null ? null : within(new Date(endTime).getTime());
  return { offers, startMs, endMs, now: within(nowMs), end };
}

function windowOf(bid: OfferBid): { from: number; until: number } {
  const from = new Date(bid.valid_from ?? bid.timestamp).getTime();
  const until = bid.valid_until === undefined ? from : new Date(bid.valid_until).getTime();
  return { from, until: Math.max(from, until) };
}

function stateOf(
  bid: OfferBid,
  from: number,
  until: number,
  nowMs: number,
  isSold: boolean,
): OfferState {
  if (bid.status === "won") return "taken";
  if (bid.status === "void") return "void";
  if (isSold) return "passed";
  if (nowMs < from) return "ahead";
  return nowMs <= until ? "open" : "over";
}

function rank(offer: Offer): number {
  return ["taken", "open", "ahead", "over", "passed", "void"].indexOf(offer.state);
}
