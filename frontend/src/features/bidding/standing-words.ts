import { useLingui } from "@lingui/react/macro";
import type { ApiError } from "@/api/errors";
import { chargesOf } from "@/lib/fees";
import { money } from "@/lib/money";
import { instant } from "@/lib/time";
import type { Room } from "./use-room";

/** The word and the sentence of a standing; no word where there is nothing to say. */
export function useStandingWords(room: Room): { word: string; sentence: string } | null {
  const { t, i18n } = useLingui();
  const refusal = useRefusalWords(room);
  const { auction, view, you, bid, standing } = room;
  const amount = (value: number | null) =>
    value === null ? "" : money(value, auction.currency, i18n.locale);
  const now = amount(view.current_bid);
  const own = amount(standing.own);
  const sent = "amount" in bid ? amount(bid.amount) : "";
  const price = amount(view.final_bid);
  const when = (iso: string | null) => (iso === null ? "" : instant(iso, i18n.locale));
  switch (standing.kind) {
    case "draft":
      return { word: t`Draft`, sentence: t`Nobody else can see this listing yet.` };
    case "scheduled": {
      const date = when(auction.start_time);
      return { word: t`Not open yet`, sentence: t`Bidding opens on ${date}.` };
    }
    case "opening":
      return { word: t`Opening…`, sentence: t`It opens any moment now.` };
    case "seller":
      return { word: t`Your auction`, sentence: sellerSentence() };
    case "leading":
      return { word: t`You lead`, sentence: leadSentence() };
    case "below_reserve":
      return {
        word: t`You lead, reserve not met`,
        sentence: t`At ${now} the seller does not have to sell. Raise your maximum to reach the reserve.`,
      };
    case "outbid":
      return {
        word: t`Outbid`,
        sentence:
          bid.step === "accepted" && bid.placed.leading === false
            ? t`Another bidder's maximum answered at once: it stands at ${now}.`
            : t`It stands at ${now} now; you bid ${own}.`,
      };
    case "sending":
      return {
        word: t`Sending`,
        sentence:
          bid.step === "sending" && bid.kind === "maximum"
            ? t`Your maximum of ${sent} is on its way.`
            : t`Your bid of ${sent} is on its way.`,
      };
    case "unknown":
      return {
        word: t`No answer yet`,
        sentence: t`It is not known whether your bid of ${sent} counts. Ask again: it can never count twice.`,
      };
    case "refused":
      return { word: t`Not accepted`, sentence: refusal };
    case "ending":
      return { word: t`Ending…`, sentence: t`Time is up. The house is about to say how it ended.` };
    case "offered": {
      const until = when(standing.ownUntil);
      return { word: t`Your offer stands`, sentence: t`${own}, valid until ${until}.` };
    }
    case "won": {
      const total = amount(chargesOf(view.final_bid ?? 0, auction.currency, auction).total);
      return { word: t`You won`, sentence: t`For ${price}; you pay ${total} in all.` };
    }
    case "lost":
      return {
        word: t`You did not win`,
        sentence: t`Sold for ${price}; your highest bid was ${own}.`,
      };
    case "sold":
      return { word: t`Sold`, sentence: soldSentence() };
    case "unsold":
      return {
        word: t`Not sold`,
        sentence: view.total_bids === 0 ? t`Nobody bid.` : t`The seller did not sell.`,
      };
    case "reserve_missed":
      return { word: t`Not sold`, sentence: t`The bids did not reach the reserve.` };
    case "cancelled":
      return { word: t`Cancelled`, sentence: t`The seller has cancelled it. Nothing was sold.` };
    case "removed":
      return { word: t`Removed`, sentence: t`The house has removed it. Nothing was sold.` };
    default:
      return null;
  }

  function leadSentence(): string {
    const most = you?.max_bid ?? null;
    if (most === null) return t`At ${now}.`;
    const max = amount(most);
    return t`At ${now}. Your maximum is ${max}; only you see it.`;
  }

  function soldSentence(): string {
    const winner = view.winner ?? "";
    return standing.action === "manage"
      ? t`${winner} bought it. Send it once the payment is here.`
      : t`${winner} bought it.`;
  }

  function sellerSentence(): string {
    if (view.reserve_met === null) return t`You cannot bid here yourself.`;
    return view.reserve_met
      ? t`The reserve is met: it will be sold.`
      : t`The reserve is not met yet.`;
  }
}

/** Why the last bid was refused, in words. */
export function useRefusalWords(room: Room): string {
  const { t, i18n } = useLingui();
  const { bid, auction, view } = room;
  if (bid.step !== "refused") return "";
  const min = bid.minNextBid ?? view.min_next_bid;
  const least = min === null ? "" : money(min, auction.currency, i18n.locale);
  const words: Record<string, string> = {
    below_minimum: t`Somebody was faster, or it is too low: the next bid is from ${least}.`,
    below_start: t`The first bid is from ${least}.`,
    ended: t`The auction has ended.`,
    not_active: t`The auction is not open for bids.`,
    not_started: t`The auction has not opened yet.`,
    already_sold: t`It has already been sold.`,
    email_unverified: t`Confirm your e-mail address first; the link is in the mail we sent you.`,
    banned: t`This account may not bid. Write to the house if you think that is wrong.`,
    blocked: t`The seller does not accept bids from this account.`,
    not_authenticated: t`Your session is over. Log in again; your amount is kept.`,
    max_unchanged: t`This is your maximum already.`,
    below_current_price: t`Your maximum cannot be below what is bid now.`,
    already_leading: t`You have the highest bid already.`,
    invalid_amount: t`This is not an amount that can be bid here.`,
  };
  return words[bid.error.code ?? ""] ?? sentence(bid.error);
}

function sentence(error: ApiError): string {
  return error.message;
}
