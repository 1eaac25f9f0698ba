import { filtersOf, parseSearch, type SearchState, type Status } from "./search-state";

const LEFT_OUT = ["page", "page_size", "facets"];
const ORDERINGS: Record<string, SearchState["ordering"]> = {
  relevance: "relevance",
  ending_soon: "ending",
  "-created_at": "newest",
  price: "cheapest",
  "-price": "dearest",
  "-total_bids": "bids",
};

/** A search as the house keeps it: the query string of `GET /api/auctions/`. */
export function queryOf(state: SearchState): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filtersOf(state))) {
    if (!LEFT_OUT.includes(name)) query.set(name, String(value)); // a list has commas
  }
  return query.toString();
}

/** The search of a query string; what this page does not know is left out. */
export function stateOf(query: string): SearchState {
  const given = new URLSearchParams(query);
  return parseSearch({
    search: given.get("search"),
    category: given.get("category"),
    status: statusOf(given),
    condition: given.get("condition"),
    closing: given.get("closing"),
    buy_now: given.get("has_buy_now") === "true",
    no_reserve: given.get("has_reserve") === "false",
    min_price: given.get("min_price"),
    max_price: given.get("max_price"),
    ordering: ORDERINGS[given.get("ordering") ?? ""],
  });
}

function statusOf(given: URLSearchParams): Status | undefined {
  if (given.get("sold") === "true") return "sold";
  const statuses = given.get("status")?.split(",") ?? [];
  if (statuses.length > 1) return "any";
  const known: Record<string, Status> = { scheduled: "upcoming", ended: "ended" };
  return known[statuses[0] ?? ""]; // active is what a search is as usual
}
