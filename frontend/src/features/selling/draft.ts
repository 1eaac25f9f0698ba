import type { components, operations } from "@/api/schema.gen";
import type { Body } from "@/api/transport";
import { parseAmount } from "@/lib/money";

export type Listing = components["schemas"]["AuctionDetail"];
export type Changes = NonNullable<Body<operations["editAuction"]>>;

/** A draft as its form has it: amounts as they were typed, times in the seller's own zone. */
export interface DraftForm {
  title: string;
  description: string;
  /** Id of the category; "" for none. */
  category: string;
  condition: Listing["condition"];
  closing: Listing["closing"];
  currency: string;
  starting: string;
  increment: string;
  reserve: string;
  buyNow: string;
  /** "" to open at once. */
  opens: string;
  duration: string;
  extends: boolean;
}
export type Field = keyof DraftForm;

const DAY_SECONDS = 86_400;
const DURATION_DEFAULT = String(7 * DAY_SECONDS);
/** How long a bid in the last moments keeps the auction open. */
const SOFT_CLOSE = { window_seconds: 120, extension_seconds: 120 };

/** A listing as its form has it. */
export function formOf(listing: Listing): DraftForm {
  const text = (amount: number | null | undefined) => (amount == null ? "" : String(amount));
  return {
    title: listing.title,
    description: listing.description,
    category: listing.category === null ? "" : String(listing.category.id),
    condition: listing.condition,
    closing: listing.closing,
    currency: listing.currency,
    starting: text(listing.starting_price),
    increment: text(listing.minimum_increment),
    reserve: text(listing.reserve_price),
    buyNow: text(listing.buy_now_price),
    opens: listing.start_time === null ? "" : localOf(listing.start_time),
    duration: String(listing.duration_seconds ?? DURATION_DEFAULT),
    extends: listing.soft_close !== null,
  };
}

/** The changes that turn `saved` into `form`, without the fields that are wrong. */
export function changesOf(form: DraftForm, saved: DraftForm, wrong: ReadonlySet<Field>): Changes {
  const now = settled(form);
  const was = settled(saved);
  const changed = (Object.keys(now) as Field[]).filter(
    (field) => !wrong.has(field) && now[field] !== was[field],
  );
  return Object.assign({}, ...changed.map((field) => change(field, now))) as Changes;
}

/** A form with what does not apply taken out, and amounts written one way. */
function settled(form: DraftForm): DraftForm {
  const plain = (text: string) => String(parseAmount(text, form.currency) ?? "");
  const same = {
    ...form,
    title: form.title.trim(),
    starting: plain(form.starting),
    increment: plain(form.increment),
    reserve: plain(form.reserve),
    buyNow: plain(form.buyNow),
  };
  if (form.closing === "timed") return same;
  return { ...same, increment: "", reserve: "", buyNow: "", extends: false };
}

function change(field: Field, form: DraftForm): Changes {
  const amount = (text: string) => (text === "" ? null : text);
  switch (field) {
    case "category":
      return { category: form.category === "" ? null : Number(form.category) };
    case "starting":
      return { starting_price: form.starting };
    case "increment":
      return { minimum_increment: amount(form.increment) };
    case "reserve":
      return { reserve_price: amount(form.reserve) };
    case "buyNow":
      return { buy_now_price: amount(form.buyNow) };
    case "opens":
      return { start_time: form.opens === "" ? null : new Date(form.opens).toISOString() };
    case "duration":
      return { duration_seconds: Number(form.duration) };
    case "extends":
      return { soft_close: form.extends ? SOFT_CLOSE : null };
    case "currency":
      // A price means another sum in another currency, so each is sent again with it.
      return { currency: form.currency as Changes["currency"], ...amounts(form) } as Changes;
    default:
      return { [field]: form[field] };
  }
}

function amounts(form: DraftForm): Changes {
  const fields = ["starting", "increment", "reserve", "buyNow"] as const;
  return Object.assign({}, ...fields.map((field) => change(field, form))) as Changes;
}

/** The form's field of a field of the API. */
export const FIELD_OF: Readonly<Record<string, Field>> = {
  title: "title",
  description: "description",
  category: "category",
  condition: "condition",
  closing: "closing",
  currency: "currency",
  starting_price: "starting",
  minimum_increment: "increment",
  reserve_price: "reserve",
  buy_now_price: "buyNow",
  start_time: "opens",
  end_time: "duration",
  duration_seconds: "duration",
  soft_close: "extends",
};

/** An instant as `<input type="datetime-local">` wants it: in the seller's own zone. */
export function localOf(iso: string): string {
  const date = new Date(iso);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export type Problem =
  | "titleMissing"
  | "titleLong"
  | "descriptionLong"
  | "amountMissing"
  | "amountWrong"
  | "reserveLow"
  | "buyNowLow"
  | "buyNowBelowReserve"
  | "opensPast";

export const TITLE_MAX = 200;
export const DESCRIPTION_MAX = 20_000;
const BUY_NOW_PERCENT_MIN = 130; // of the starting price, as the house has it

/** What is wrong with a draft, field by field; the server has the last word. */
export function problemsOf(form: DraftForm, nowMs: number): Partial<Record<Field, Problem>> {
  const found: Partial<Record<Field, Problem>> = {};
  const title = form.title.trim();
  if (title === "") found.title = "titleMissing";
  else if (title.length > TITLE_MAX) found.title = "titleLong";
  if (form.description.length > DESCRIPTION_MAX) found.description = "descriptionLong";
  if (form.opens !== "" && !(new Date(form.opens).getTime() > nowMs)) found.opens = "opensPast";
  return { ...found, ...priceProblems(form) };
}

function priceProblems(form: DraftForm): Partial<Record<Field, Problem>> {
  const found: Partial<Record<Field, Problem>> = {};
  const read = (field: "starting" | "increment" | "reserve" | "buyNow") => {
    const amount = parseAmount(form[field], form.currency);
    if (amount === null && form[field].trim() !== "") found[field] = "amountWrong";
    return amount;
  };
  const starting = read("starting");
  if (form.starting.trim() === "") found.starting = "amountMissing";
  if (form.closing !== "timed") return found;
  read("increment");
  const reserve = read("reserve");
  const buyNow = read("buyNow");
  if (starting !== null && reserve !== null && reserve <= starting) found.reserve = "reserveLow";
  if (buyNow === null) return found;
  if (starting !== null && buyNow * 100 < starting * BUY_NOW_PERCENT_MIN) {
    found.buyNow = "buyNowLow";
  } else if (reserve !== null && buyNow <= reserve) found.buyNow = "buyNowBelowReserve";
  return found;
}

/** The steps of the wizard, with the fields each of them asks for. */
export const STEPS = {
  item: ["title", "category", "condition", "description"],
  pictures: [],
  price: ["closing", "currency", "starting", "increment", "reserve", "buyNow"],
  time: ["opens", "duration", "extends"],
  review: [],
} as const satisfies Record<string, readonly Field[]>;
export type Step = keyof typeof STEPS;
export const STEP_ORDER = Object.keys(STEPS) as Step[];
