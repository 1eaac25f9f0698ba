import { expect, it } from "vitest";
import { isUnpaid, purchasesOf } from "./purchases";
import type { Hold, Payment } from "./queries";

const payment = (id: number, auctionId: number, status: string) =>
  ({ id, auction_id: auctionId, auction_title: `Thing ${auctionId}`, status }) as Payment;
const won = (id: number) => ({ auction: { id, title: `Thing ${id}` } }) as never;

it("takes the payment that was paid, however many came to nothing", () => {
  const [only] = purchasesOf([payment(9, 1, "expired"), payment(8, 1, "succeeded")], [], []);
  expect(only?.payment?.id).toBe(8);
});

it("shows once what was won in several bids and is not paid", () => {
  const bought = purchasesOf([], [won(1), won(1), won(2)], []);
  expect(bought.map((each) => each.auctionId)).toEqual([1, 2]);
  expect(bought.every(isUnpaid)).toBe(true);
});

it("puts what is still to be paid first, and finds the money that is held", () => {
  const hold = { id: 4, payment_id: 8 } as Hold;
  const bought = purchasesOf([payment(8, 1, "succeeded")], [won(1), won(2)], [hold]);
  expect(bought.map((each) => each.auctionId)).toEqual([2, 1]);
  expect(bought[1]?.hold).toBe(hold);
});
