import { expect, it } from "vitest";
import { queryOf, stateOf } from "./saved-query";
import { orderingOf, type SearchState } from "./search-state";

it.each<SearchState>([
  { search: "lamp & shade" },
  { category: "art", status: "upcoming", condition: "used", closing: "timed" },
  { status: "sold", min_price: 10, max_price: 99.5 },
  { status: "any", buy_now: true, no_reserve: true },
  { search: "lamp", ordering: "dearest", status: "ended" },
])("comes back as it was: %o", (state) => {
  expect(stateOf(queryOf(state))).toEqual({ ...state, ordering: orderingOf(state) });
});

it("is what the API understands, without pages", () => {
  expect(queryOf({ search: "lamp", page: 3 })).toBe("search=lamp&status=active&ordering=relevance");
});

it("leaves out what it does not know", () => {
  expect(stateOf("colour=red&status=draft&ordering=moon")).toEqual({});
});
