import { describe, expect, it } from "vitest";
import { type OfferBid, timeLineOf } from "./offers";

const NOW = Date.parse("2026-03-05T00:00:00Z");
const bid = (amount: number, from: string, until: string, status = "outbid") =>
  ({
    ...{ id: amount, amount, status },
    ...{ valid_from: `2026-03-${from}T00:00:00Z`, valid_until: `2026-03-${until}T00:00:00Z` },
  }) as OfferBid;

describe("the time line of offers", () => {
  it("begins with the first offer, ends with the last, and has now in it", () => {
    const line = timeLineOf([bid(1, "01", "06"), bid(2, "03", "11")], NOW, "2026-03-06T00:00:00Z");
    expect(line.now).toBeCloseTo(40);
    expect(line.end).toBeCloseTo(50);
    const [first, second] = line.offers;
    expect([first?.bid.amount, first?.from, first?.length]).toEqual([2, 20, 80]);
    expect([second?.bid.amount, second?.from, second?.length]).toEqual([1, 0, 50]);
  });

  it("puts what can be taken first, the highest of it first", () => {
    const { offers } = timeLineOf(
      [
        bid(90, "01", "02"),
        bid(50, "01", "06"),
        bid(80, "06", "07"),
        bid(60, "05", "05"),
        bid(99, "01", "09", "void"),
      ],
      NOW,
      null,
    );
    expect(offers.map(({ bid: { amount }, state }) => [amount, state])).toEqual([
      [60, "open"], // its last instant still counts
      [50, "open"],
      [80, "ahead"],
      [90, "over"],
      [99, "void"],
    ]);
  });

  it("shows the one that was taken before all others", () => {
    const bids = [bid(9, "01", "09"), bid(5, "01", "02", "won")];
    const { offers } = timeLineOf(bids, NOW, null, true);
    expect(offers.map((offer) => offer.state)).toEqual(["taken", "passed"]);
  });

  it("has room for now without any offer", () => {
    expect(timeLineOf([], NOW, null).offers).toEqual([]);
  });
});
