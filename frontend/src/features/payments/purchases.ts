import type { OwnBid } from "@/services/my-bids";
import type { Hold, Payment } from "./queries";
import { isPaid } from "./states";

export interface Purchase {
  auctionId: number;
  title: string;
  /** The payment that counts: the one that was paid, else the newest that may still be. */
  payment: Payment | null;
  hold: Hold | null;
}

/**
 * What one has bought: every auction with a payment of it, and every won one that has none yet.
 * What is still to be paid comes first, then by the newest payment.
 */
export function purchasesOf(
  payments: readonly Payment[],
  won: readonly OwnBid[],
  holds: readonly Hold[],
): Purchase[] {
  const found = new Map<number, Purchase>();
  for (const payment of payments) {
    const known = found.get(payment.auction_id);
    const isBetter = !known?.payment || (!isPaid(known.payment.status) && isPaid(payment.status));
    if (!isBetter) continue;
    const hold = holds.find((each) => each.payment_id === payment.id) ?? null;
    const { auction_id: auctionId, auction_title: title } = payment;
    found.set(auctionId, { auctionId, title, payment, hold });
  }
  for (const { auction } of won) {
    if (!found.has(auction.id)) {
      const { id: auctionId, title } = auction;
      found.set(auctionId, { auctionId, title, payment: null, hold: null });
    }
  }
  return [...found.values()].sort((a, b) => Number(isUnpaid(b)) - Number(isUnpaid(a)));
}

/** Whether nothing has been paid for it yet. */
export function isUnpaid({ payment }: Purchase): boolean {
  return payment === null || !isPaid(payment.status);
}
