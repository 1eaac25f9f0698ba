import type { AuctionFilters } from "@/api/client";

const STATUSES = ["live", "upcoming", "sold", "ended", "any"] as const;
const ORDERINGS = ["relevance", "ending", "newest", "cheapest", "dearest", "bids"] as const;
const CONDITIONS = ["new", "used"] as const;
const CLOSINGS = ["timed", "seller_choice"] as const;
const TEXT_MAX = 200;
const PRICE_MAX = 9_999_999_999;
const PAGE_SIZE = 24;

export type Status = (typeof STATUSES)[number];
export type Ordering = (typeof ORDERINGS)[number];

/** Everything a search is, as its address has it; what is absent is as usual. */
export interface SearchState {
  search?: string;
  category?: string;
  /** Absent: live. */
  status?: Status;
  condition?: (typeof CONDITIONS)[number];
  closing?: (typeof CLOSINGS)[number];
  buy_now?: true;
  no_reserve?: true;
  min_price?: number;
  max_price?: number;
  /** Absent: the best match of words, else what ends next. */
  ordering?: Ordering;
  page?: number;
}

/** Read an address; what makes no sense is left out, so that an old link still works. */
export function parseSearch(raw: Record<string, unknown>): SearchState {
  const state: SearchState = {
    search: text(raw["search"]),
    category: text(raw["category"]),
    status: oneOf(STATUSES, raw["status"]),
    condition: oneOf(CONDITIONS, raw["condition"]),
    closing: oneOf(CLOSINGS, raw["closing"]),
    buy_now: raw["buy_now"] === true ? true : undefined,
    no_reserve: raw["no_reserve"] === true ? true : undefined,
    min_price: price(raw["min_price"]),
    max_price: price(raw["max_price"]),
    ordering: oneOf(ORDERINGS, raw["ordering"]),
    page: page(raw["page"]),
  };
  return compact(state);
}

/** What the API is asked for. */
export function filtersOf(state: SearchState): AuctionFilters {
  const status = state.status ?? "live";
  return compact<AuctionFilters>({
    search: state.search,
    category: state.category,
    ...STATUS_FILTERS[status],
    condition: state.condition && [state.condition],
    closing: state.closing && [state.closing],
    has_buy_now: state.buy_now,
    has_reserve: state.no_reserve && false,
    min_price: state.min_price,
    max_price: state.max_price,
    ordering: [API_ORDERINGS[orderingOf(state)]],
    page: state.page,
    page_size: PAGE_SIZE,
    facets: ["category", "price"],
  });
}

const STATUS_FILTERS: Record<Status, Pick<AuctionFilters, "status" | "sold">> = {
  live: { status: ["active"] },
  upcoming: { status: ["scheduled"] },
  sold: { sold: true },
  ended: { status: ["ended"] },
  any: { status: ["active", "scheduled", "ended"] },
};

const API_ORDERINGS: Record<Ordering, NonNullable<AuctionFilters["ordering"]>[number]> = {
  relevance: "relevance",
  ending: "ending_soon",
  newest: "-created_at",
  cheapest: "price",
  dearest: "-price",
  bids: "-total_bids",
};

/** The order in force. */
export function orderingOf(state: SearchState): Ordering {
  if (state.ordering === "relevance" && !state.search) return "ending";
  return state.ordering ?? (state.search ? "relevance" : "ending");
}

/** How many narrowings are in force, the words and the order aside. */
export function narrowings(state: SearchState): number {
  const { search: _words, ordering: _order, page: _page, ...rest } = state;
  const { min_price, max_price, ...others } = rest;
  const prices = min_price !== undefined || max_price !== undefined ? 1 : 0;
  return Object.keys(compact(others)).length + prices;
}

/** How many pages there are. */
export function pagesOf(count: number): number {
  return Math.max(1, Math.ceil(count / PAGE_SIZE));
}

/** Changing what is searched begins at its first page. */
export function change(state: SearchState, patch: Partial<SearchState>): SearchState {
  return compact({ ...state, page: undefined, ...patch });
}

function text(value: unknown): string | undefined {
  // The router reads `?search=1962` as a number.
  const words = typeof value === "number" ? String(value) : value;
  return typeof words === "string" ? words.trim().slice(0, TEXT_MAX) || undefined : undefined;
}

function price(value: unknown): number | undefined {
  const amount = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof amount === "number" && amount >= 0 && amount <= PRICE_MAX ? amount : undefined;
}

function page(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number > 1 ? number : undefined;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((each) => each === value);
}

function compact<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
