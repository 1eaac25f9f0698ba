import { expect, it } from "vitest";
import type { OwnBid } from "@/services/my-bids";
import { standingsOf } from "./standings";

let id = 0;
const bid = (auctionId: number, status: string, amount: number, auction: object = {}) =>
  ({
    id: ++id,
    auction_id: auctionId,
    status,
    amount,
    auction: { id: auctionId, status: "active", end_time: "2026-03-01T10:00:00Z", ...auction },
  }) as OwnBid;
const over = { status: "ended" };

it("takes one bid of each auction: the leading one, else the highest", () => {
  const { winning, losing } = standingsOf([
    bid(1, "outbid", 50),
    bid(1, "leading", 40),
    bid(2, "outbid", 30),
    bid(2, "outbid", 60),
  ]);
  expect(winning.map((each) => each.bid.amount)).toEqual([40]);
  expect(losing.map((each) => each.bid.amount)).toEqual([60]);
});

it("shows what ends first, first", () => {
  const { losing } = standingsOf([
    bid(1, "outbid", 1, { end_time: "2026-03-03T10:00:00Z" }),
    bid(2, "outbid", 1, { end_time: null }),
    bid(3, "outbid", 1, { end_time: "2026-03-02T10:00:00Z" }),
  ]);
  expect(losing.map((each) => each.auctionId)).toEqual([3, 1, 2]);
});

it("does not count what was taken back, and knows what is over", () => {
  const { won, lost, losing } = standingsOf([
    bid(1, "void", 900),
    bid(1, "outbid", 10),
    bid(2, "won", 20, over),
    bid(3, "lost", 30, over),
    bid(4, "outbid", 30, { status: "cancelled" }),
  ]);
  expect(losing.map((each) => each.bid.amount)).toEqual([10]);
  expect(won.map((each) => each.auctionId)).toEqual([2]);
  expect(lost.map((each) => each.auctionId)).toEqual([3, 4]);
});
