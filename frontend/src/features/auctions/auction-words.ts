import { useLingui } from "@lingui/react/macro";
import type { components } from "@/api/schema.gen";
import { money } from "@/lib/money";

/** An auction as lists have it. */
export type Auction = components["schemas"]["Auction"];
/** An auction in full. */
export type AuctionDetail = components["schemas"]["AuctionDetail"];

/** What an auction costs, and in which sense. */
type PriceKind = "starting" | "current" | "offer" | "asking" | "sold" | "unsold" | "none";

/** Which price to show; null where there is none to speak of. */
function priceOf(
  auction: Pick<
    Auction,
    "status" | "sold" | "final_bid" | "current_bid" | "starting_price" | "closing"
  >,
): { kind: PriceKind; amount: number | null } {
  if (auction.sold) return { kind: "sold", amount: auction.final_bid };
  if (auction.status === "ended") return { kind: "unsold", amount: auction.current_bid };
  if (auction.status === "cancelled" || auction.status === "removed") {
    return { kind: "none", amount: null };
  }
  const offers = auction.closing === "seller_choice";
  if (auction.current_bid === null) {
    return { kind: offers ? "asking" : "starting", amount: auction.starting_price };
  }
  return { kind: offers ? "offer" : "current", amount: auction.current_bid };
}

/** The price's label and the price as text. */
export function usePriceWords(auction: Auction): { label: string; price: string } {
  const { t, i18n } = useLingui();
  const { kind, amount } = priceOf(auction);
  const labels: Record<PriceKind, string> = {
    starting: t`Starting price`,
    current: t`Current bid`,
    offer: t`Highest offer`,
    asking: t`Offers from`,
    sold: t`Sold for`,
    unsold: t`Not sold`,
    none: auction.status === "removed" ? t`Removed` : t`Cancelled`,
  };
  const price = amount === null ? "–" : money(amount, auction.currency, i18n.locale);
  return { label: labels[kind], price };
}
