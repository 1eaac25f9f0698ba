import type { ConnectionState } from "@/services/live-socket";
import type { BidState } from "./bid-sender";
import type { RoomView } from "./room-reducer";
import type { You } from "./room-store";

/** What an auction is, beside what moves. */
interface Terms {
  closing: "timed" | "seller_choice";
  start_time: string | null;
  seller: { id: number };
  bids: readonly { bidder: string; amount: number; valid_from?: string; valid_until?: string }[];
}

/** Where somebody stands in an auction. */
type StandingKind =
  | "draft"
  | "scheduled"
  | "opening"
  | "visitor"
  | "seller"
  | "open"
  | "leading"
  | "below_reserve"
  | "outbid"
  | "sending"
  | "unknown"
  | "refused"
  | "ending"
  | "offers"
  | "offered"
  | "won"
  | "lost"
  | "sold"
  | "unsold"
  | "reserve_missed"
  | "cancelled"
  | "removed";

export type Tone = "neutral" | "good" | "warning" | "bad";

/** The one thing to do about it. */
export type Action =
  | "watch"
  | "log_in"
  | "manage"
  | "bid"
  | "raise"
  | "wait"
  | "ask_again"
  | "offer"
  | "pay"
  | "similar"
  | "verify_email"
  | "nothing";

export interface Standing {
  kind: StandingKind;
  tone: Tone;
  action: Action;
  /** Whether what is shown is what the server says now. */
  isSure: boolean;
  /** One's own offer in force, or one's highest bid. */
  own: number | null;
  /** Until when one's own offer stands. */
  ownUntil: string | null;
}

export interface StandingInput {
  view: RoomView;
  terms: Terms;
  /** null for a visitor; undefined while it is not known. */
  me: { id: number; username: string } | null | undefined;
  you: You;
  bid: BidState;
  nowMs: number;
  connection: ConnectionState;
}

type Draft = Pick<Standing, "kind" | "tone" | "action"> & Partial<Standing>;

/** Where `me` stands, by what the server has said and nothing else. */
export function standing(input: StandingInput): Standing {
  const own = ownHighest(input);
  return { own, ownUntil: null, isSure: input.connection === "live", ...standingOf(input, own) };
}

function standingOf(input: StandingInput, own: number | null): Draft {
  const { view, terms, me, nowMs } = input;
  const isSeller = me != null && me.id === terms.seller.id;
  switch (view.status) {
    case "draft":
      return { kind: "draft", tone: "neutral", action: isSeller ? "manage" : "nothing" };
    case "scheduled":
      return scheduled(terms, isSeller, nowMs);
    case "cancelled":
    case "removed":
      return { kind: view.status, tone: "bad", action: isSeller ? "manage" : "similar" };
    case "ended":
      return ended(input, isSeller, own);
    default:
      return live(input, isSeller, own);
  }
}

function scheduled(terms: Terms, isSeller: boolean, nowMs: number): Draft {
  const opens = terms.start_time === null ? null : Date.parse(terms.start_time);
  const kind = opens !== null && opens <= nowMs ? "opening" : "scheduled";
  return { kind, tone: "neutral", action: isSeller ? "manage" : "watch" };
}

function ended({ view, me }: StandingInput, isSeller: boolean, own: number | null): Draft {
  const action = isSeller ? "manage" : "similar";
  if (!view.sold) {
    const kind = view.reserve_met === false ? "reserve_missed" : "unsold";
    return { kind, tone: "neutral", action };
  }
  if (me && view.winner === me.username) return { kind: "won", tone: "good", action: "pay" };
  if (own !== null) return { kind: "lost", tone: "bad", action };
  return { kind: "sold", tone: "neutral", action };
}

function live(input: StandingInput, isSeller: boolean, own: number | null): Draft {
  const { view, terms, me, bid, nowMs } = input;
  if (isSeller) return { kind: "seller", tone: "neutral", action: "manage" };
  if (bid.step === "sending") return { kind: "sending", tone: "neutral", action: "wait" };
  if (bid.step === "unknown") return { kind: "unknown", tone: "warning", action: "ask_again" };
  const isPast = view.end_time !== null && Date.parse(view.end_time) <= nowMs;
  if (isPast) return { kind: "ending", tone: "neutral", action: "wait" };
  if (bid.step === "refused") {
    return { kind: "refused", tone: "bad", action: remedyOf(bid.error.code, bid.error.status) };
  }
  // While it is not known who looks, nothing is said that a user would not see.
  if (me === null) return { kind: "visitor", tone: "neutral", action: "log_in" };
  if (terms.closing === "seller_choice") return offers(input);
  const isLeading = me !== undefined && view.highest_bidder === me.username;
  if (isLeading) {
    return view.reserve_met === false
      ? { kind: "below_reserve", tone: "warning", action: "raise" }
      : { kind: "leading", tone: "good", action: "raise" };
  }
  if (own !== null) return { kind: "outbid", tone: "bad", action: "bid" };
  return { kind: "open", tone: "neutral", action: "bid" };
}

function offers({ terms, me, nowMs }: StandingInput): Draft {
  const mine = terms.bids
    .filter(({ bidder }) => bidder === me?.username)
    .filter(({ valid_until }) => valid_until !== undefined && Date.parse(valid_until) > nowMs)
    .sort((one, other) => other.amount - one.amount)[0];
  if (mine === undefined) {
    return { kind: "offers", tone: "neutral", action: "offer", own: null };
  }
  const ownUntil = mine.valid_until ?? null;
  return { kind: "offered", tone: "good", action: "offer", own: mine.amount, ownUntil };
}

/** What helps against a refusal. */
function remedyOf(code: string | null, status: number): Action {
  if (status === 401) return "log_in";
  if (code === "email_unverified") return "verify_email";
  if (code === "banned" || code === "blocked" || code === "forbidden") return "nothing";
  if (code === "seller_cannot_bid") return "manage";
  return "bid";
}

function ownHighest({ view, you, me }: StandingInput): number | null {
  if (!me) return null;
  const shown = (view.bids ?? []).filter(({ bidder }) => bidder === me.username);
  const highest = Math.max(you?.highest_bid ?? 0, ...shown.map(({ amount }) => amount));
  return highest > 0 ? highest : null;
}
