import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { components } from "@/api/schema.gen";
import { money } from "@/lib/money";
import { instant } from "@/lib/time";
import type { Notification } from "./kinds";

/** What a notification reads as. */
interface Words {
  title: string;
  body: string;
}
/** The id of a sentence; the house has the list. */
export type Says = NonNullable<Notification["data"]["says"]>;
/** Nothing where a fact is missing that the words need. */
type Sentence = () => Words | "" | 0;
type Sentences = Partial<Record<Says, Sentence>>;
type Reason = components["schemas"]["ReportReasonEnum"];

/** A notification's facts as they are shown; empty where it has none. */
interface Facts {
  title: string;
  price: string;
  name: string;
  due: string;
  until: string;
  reason: string;
  days: number;
  address: string;
  count: number;
}

/** The words of a notification in the reader's language; the house's own where there are none. */
export function useSentence(row: Notification): Words {
  const facts = useFacts(row);
  const sentences: Record<Says, Sentence> = {
    ...useBiddingSentences(facts),
    ...useEndSentences(facts),
    ...usePaymentSentences(facts),
    ...useDisputeSentences(facts),
    ...useHouseSentences(facts),
    ...useServiceSentences(facts, row.body),
  };
  // A newer house may say what this page does not know, and older rows have no id.
  const { says } = row.data;
  const words = says !== undefined && sentences[says]?.();
  return words || { title: row.title, body: row.body };
}

function useFacts({ data, count }: Notification): Facts {
  const { i18n } = useLingui();
  const { amount, currency, due_at, until_at } = data;
  const hasPrice = amount !== undefined && currency !== undefined;
  return {
    title: apart(data.title),
    price: hasPrice ? money(amount, currency, i18n.locale) : "",
    name: apart(data.name),
    due: due_at === undefined ? "" : instant(due_at, i18n.locale),
    until: until_at === undefined ? "" : instant(until_at, i18n.locale),
    reason: data.reason ?? "",
    days: data.days ?? 0,
    address: apart(data.address),
    count,
  };
}

/** Keep the words of others, of whatever direction, from turning the sentence around. */
function apart(text: string | undefined): string {
  return text ? `\u2068${text}\u2069` : "";
}

function useBiddingSentences({ title, price, count }: Facts) {
  const { t } = useLingui();
  return {
    outbid: () =>
      title &&
      price && {
        title: t`${plural(count, {
          one: `You were outbid on ${title}`,
          other: `You were outbid # times on ${title}`,
        })}`,
        body: t`The price is now ${price}.`,
      },
    offer: () =>
      title &&
      price && {
        title: t`${plural(count, {
          one: `An offer for ${title}`,
          other: `# offers for ${title}`,
        })}`,
        body: t`${price} is offered.`,
      },
    reserve_met: () =>
      title && {
        title: t`The reserve of ${title} is met`,
        body: t`It will be sold to the highest bidder.`,
      },
    ends_within_day: () => title && { title: t`${title} ends within 24 hours`, body: "" },
    ends_within_hour: () => title && { title: t`${title} ends within an hour`, body: "" },
    cancelled: () =>
      title && {
        title: t`${title} was cancelled`,
        body: t`Nothing is sold, no bid counts any longer.`,
      },
    second_chance: () =>
      title &&
      price && {
        title: t`You can still have ${title}`,
        body: t`It is yours at your own bid, ${price}, if you want it.`,
      },
  } satisfies Sentences;
}

function useEndSentences({ title, price }: Facts) {
  const { t } = useLingui();
  return {
    won: () => title && price && { title: t`You won ${title}`, body: t`For ${price}; please pay.` },
    sold: () => title && price && { title: t`${title} is sold`, body: t`For ${price}.` },
    unsold_reserve: () =>
      title && { title: t`${title} ended unsold`, body: t`The reserve was not met.` },
    unsold_no_bids: () => title && { title: t`${title} ended unsold`, body: t`Nobody bid.` },
    lost_sold: () =>
      title && price && { title: t`You did not win ${title}`, body: t`It went for ${price}.` },
    lost_unsold: () => title && { title: t`You did not win ${title}`, body: t`It was not sold.` },
  } satisfies Sentences;
}

function usePaymentSentences({ title, price, due }: Facts) {
  const { t } = useLingui();
  return {
    payment_due: () =>
      title &&
      price &&
      due && { title: t`Please pay for ${title}`, body: t`${price}, due by ${due}.` },
    paid_to_seller: () =>
      title &&
      price && { title: t`${title} is paid`, body: t`${price} is held until it has arrived.` },
    paid_by_buyer: () =>
      title &&
      price && { title: t`You paid for ${title}`, body: t`${price}, held until it has arrived.` },
    lapsed_to_seller: () => title && { title: t`${title} was not paid in time`, body: "" },
    lapsed_to_buyer: () => title && { title: t`You did not pay for ${title} in time`, body: "" },
    offer_lapsed_to_seller: () =>
      title && { title: t`Nobody took the offer of ${title}`, body: "" },
    offer_lapsed_to_buyer: () => title && { title: t`The offer of ${title} is over`, body: "" },
    released: () => title && { title: t`The money for ${title} is on its way to you`, body: "" },
    refunded_to_buyer: () => title && { title: t`You got money back for ${title}`, body: "" },
    refunded_to_seller: () => title && { title: t`The buyer of ${title} got money back`, body: "" },
    split_to_buyer: () =>
      title && { title: t`Your part of the money for ${title} is back`, body: "" },
    split_to_seller: () =>
      title && { title: t`Your part of the money for ${title} is on its way`, body: "" },
  } satisfies Sentences;
}

function useDisputeSentences({ title }: Facts) {
  const { t } = useLingui();
  return {
    disputed_to_seller: () =>
      title && {
        title: t`The buyer disputes ${title}`,
        body: t`The money stays held until this is decided.`,
      },
    disputed_to_buyer: () =>
      title && {
        title: t`Your dispute over ${title} is open`,
        body: t`The money stays held until this is decided.`,
      },
    dispute_closed: () => title && { title: t`The dispute over ${title} is closed`, body: "" },
    dispute_for_seller: () =>
      title && { title: t`The dispute over ${title} is decided for the seller`, body: "" },
    dispute_for_buyer: () =>
      title && { title: t`The dispute over ${title} is decided for the buyer`, body: "" },
    dispute_split: () =>
      title && {
        title: t`The dispute over ${title} is decided: the money is divided`,
        body: "",
      },
    bank_disputes: () =>
      title && { title: t`The buyer's bank disputes the payment for ${title}`, body: "" },
    bank_leaves_it: () =>
      title && { title: t`The bank leaves you the payment for ${title}`, body: "" },
    bank_took_it: () =>
      title && { title: t`The bank took back the payment for ${title}`, body: "" },
  } satisfies Sentences;
}

/** What staff decided. */
function useHouseSentences({ reason, days }: Facts) {
  const { t } = useLingui();
  const reasons: Record<Reason, string> = {
    fraud: t`It was reported as fraud.`,
    counterfeit: t`It was reported as a counterfeit.`,
    prohibited: t`It was reported as something that may not be sold.`,
    misleading: t`It was reported as not as described.`,
    harassment: t`It was reported as harassment.`,
    spam: t`It was reported as spam.`,
    other: "",
  };
  const why = reasons[reason as Reason] ?? ""; // a newer house may know further reasons
  const judged = (title: string) =>
    days && {
      title,
      body: `${why} ${t`${plural(days, {
        one: "You can appeal within # day.",
        other: "You can appeal within # days.",
      })}`}`.trim(),
    };
  return {
    report_upheld: () => ({ title: t`Our staff agreed with your report. Thank you!`, body: "" }),
    report_dismissed: () => ({
      title: t`Our staff looked at your report and found nothing to do`,
      body: "",
    }),
    judged_auction: () => judged(t`Our staff upheld a report about your auction`),
    judged_user: () => judged(t`Our staff upheld a report about your account`),
    judged_message: () => judged(t`Our staff upheld a report about your message`),
    appeal_granted: () => ({ title: t`Your appeal was granted`, body: "" }),
    appeal_denied: () => ({ title: t`Your appeal was denied`, body: "" }),
  } satisfies Sentences;
}

/** `excerpt` is what somebody wrote, in his own words. */
function useServiceSentences({ name, address, days, until, count }: Facts, excerpt: string) {
  const { t } = useLingui();
  const off = t`A webhook of yours was switched off`;
  return {
    message: () =>
      name && {
        title: t`${plural(count, {
          one: `${name} wrote to you`,
          other: `# messages from ${name}`,
        })}`,
        body: excerpt,
      },
    webhook_gone: () =>
      address && {
        title: off,
        body: t`${address} says that it is gone for good. Switch it on again when it works.`,
      },
    webhook_failing: () =>
      address &&
      days && {
        title: off,
        body: t`${address} has taken nothing for ${plural(days, {
          one: "# day",
          other: "# days",
        })}. Switch it on again when it works.`,
      },
    export_ready: () =>
      until && {
        title: t`The copy of your data is ready`,
        body: t`You can download it until ${until}.`,
      },
    email_off: () =>
      address && {
        title: t`Your e-mail address takes no mail`,
        body: t`${address} refused a mail of ours, so we send it no more. Correct the address, or switch mail on again in your settings.`,
      },
  } satisfies Sentences;
}
