import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import type { BidState } from "./bid-sender";
import { type StandingInput, standing } from "./standing";

const NOW = Date.parse("2026-02-22T10:30:00Z");
const ME = { id: 2, username: "ada" };
const LATER = "2026-02-22T11:00:00Z";
const EARLIER = "2026-02-22T10:00:00Z";

function refusal(code: string, status = 400): BidState {
  const error = new ApiError(status, code, "No", [], {}, null);
  return { step: "refused", kind: "bid", amount: 1, error, minNextBid: null };
}

interface Case {
  view?: Partial<StandingInput["view"]>;
  terms?: Partial<StandingInput["terms"]>;
  me?: StandingInput["me"];
  you?: StandingInput["you"];
  bid?: BidState;
  connection?: StandingInput["connection"];
}

function input({ view, terms, ...rest }: Case): StandingInput {
  return {
    view: {
      current_bid: 100,
      highest_bidder: "ben",
      total_bids: 1,
      min_next_bid: 105,
      end_time: LATER,
      status: "active",
      reserve_met: null,
      winner: null,
      sold: false,
      final_bid: null,
      seq: 3,
      bids: [],
      ...view,
    },
    terms: { closing: "timed", start_time: EARLIER, seller: { id: 1 }, bids: [], ...terms },
    me: ME,
    you: null,
    bid: { step: "idle" },
    nowMs: NOW,
    connection: "live",
    ...rest,
  };
}

const OWN_BID = [{ bidder: "ada", amount: 90, auto: false, seq: 1 }];
const SELLER = { id: 1, username: "seller" };
const OFFER = { bidder: "ada", amount: 70, valid_from: EARLIER, valid_until: LATER };
const TABLE: [what: string, given: Case, kind: string, action: string][] = [
  ["a draft of one's own", { view: { status: "draft" }, me: SELLER }, "draft", "manage"],
  [
    "not open yet",
    { view: { status: "scheduled" }, terms: { start_time: LATER } },
    "scheduled",
    "watch",
  ],
  [
    "due to open",
    { view: { status: "scheduled" }, terms: { start_time: EARLIER } },
    "opening",
    "watch",
  ],
  ["a visitor", { me: null }, "visitor", "log_in"],
  ["not known who looks", { me: undefined }, "open", "bid"],
  ["one's own auction", { me: SELLER }, "seller", "manage"],
  ["no bid of mine", {}, "open", "bid"],
  ["leading", { view: { highest_bidder: "ada" } }, "leading", "raise"],
  [
    "leading, reserve met",
    { view: { highest_bidder: "ada", reserve_met: true } },
    "leading",
    "raise",
  ],
  [
    "leading below the reserve",
    { view: { highest_bidder: "ada", reserve_met: false } },
    "below_reserve",
    "raise",
  ],
  ["outbid, by the rows", { view: { bids: OWN_BID } }, "outbid", "bid"],
  [
    "outbid, long ago, by the snapshot",
    { you: { leading: false, seller: false, max_bid: null, highest_bid: 40 } },
    "outbid",
    "bid",
  ],
  ["sending", { bid: { step: "sending", kind: "bid", amount: 110 } }, "sending", "wait"],
  ["no answer", { bid: { step: "unknown", kind: "bid", amount: 110 } }, "unknown", "ask_again"],
  ["refused: too low", { bid: refusal("below_minimum") }, "refused", "bid"],
  ["refused: session over", { bid: refusal("not_authenticated", 401) }, "refused", "log_in"],
  [
    "refused: address unconfirmed",
    { bid: refusal("email_unverified", 403) },
    "refused",
    "verify_email",
  ],
  ["refused: banned", { bid: refusal("banned", 403) }, "refused", "nothing"],
  ["refused: blocked", { bid: refusal("blocked", 403) }, "refused", "nothing"],
  ["time is up, nobody has said so", { view: { end_time: EARLIER } }, "ending", "wait"],
  [
    "time is up, but a bid is on its way",
    { view: { end_time: EARLIER }, bid: { step: "sending", kind: "bid", amount: 110 } },
    "sending",
    "wait",
  ],
  ["takes offers", { terms: { closing: "seller_choice" } }, "offers", "offer"],
  [
    "an offer of mine stands",
    { terms: { closing: "seller_choice", bids: [OFFER] } },
    "offered",
    "offer",
  ],
  [
    "my offer has lapsed",
    { terms: { closing: "seller_choice", bids: [{ ...OFFER, valid_until: EARLIER }] } },
    "offers",
    "offer",
  ],
  ["won", { view: { status: "ended", sold: true, winner: "ada" } }, "won", "pay"],
  [
    "lost",
    { view: { status: "ended", sold: true, winner: "ben", bids: OWN_BID } },
    "lost",
    "similar",
  ],
  ["sold to somebody", { view: { status: "ended", sold: true, winner: "ben" } }, "sold", "similar"],
  [
    "sold by me",
    { view: { status: "ended", sold: true, winner: "ben" }, me: SELLER },
    "sold",
    "manage",
  ],
  ["not sold", { view: { status: "ended" } }, "unsold", "similar"],
  [
    "below the reserve",
    { view: { status: "ended", reserve_met: false } },
    "reserve_missed",
    "similar",
  ],
  ["cancelled", { view: { status: "cancelled" } }, "cancelled", "similar"],
  ["removed", { view: { status: "removed" } }, "removed", "similar"],
];

describe("standing", () => {
  it.each(TABLE)("%s", (_what, given, kind, action) => {
    expect(standing(input(given))).toMatchObject({ kind, action });
  });

  it("says whether it can be relied on", () => {
    expect(standing(input({})).isSure).toBe(true);
    for (const connection of ["connecting", "reconnecting", "stale", "closed"] as const) {
      expect(standing(input({ connection })).isSure).toBe(false);
    }
  });

  it("tells one's own highest bid, and the offer in force with its end", () => {
    expect(standing(input({ view: { bids: OWN_BID } })).own).toBe(90);
    const offered = standing(input({ terms: { closing: "seller_choice", bids: [OFFER] } }));
    expect(offered).toMatchObject({ own: 70, ownUntil: LATER });
  });

  it("never takes a bid of nobody for one's own", () => {
    expect(standing(input({ me: null, view: { bids: OWN_BID } })).own).toBeNull();
  });
});
