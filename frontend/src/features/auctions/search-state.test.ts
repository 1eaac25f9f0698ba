import { describe, expect, it } from "vitest";
import { change, filtersOf, narrowings, orderingOf, parseSearch } from "./search-state";

describe("parseSearch", () => {
  it("keeps what makes sense", () => {
    const raw = { search: " lamp ", status: "sold", min_price: 10, page: 3, buy_now: true };
    expect(parseSearch(raw)).toEqual({ ...raw, search: "lamp" });
  });

  it("leaves out what does not", () => {
    const raw = {
      search: "",
      status: "stolen",
      min_price: "x",
      max_price: -1,
      page: 0,
      closing: ["timed"],
      ordering: null,
      other: 1,
    };
    expect(parseSearch(raw)).toEqual({});
  });

  it("takes digits for words where words are meant", () => {
    expect(parseSearch({ search: 1962 })).toEqual({ search: "1962" });
  });
});

describe("filtersOf", () => {
  it("asks for what is live and ends next unless told otherwise", () => {
    expect(filtersOf({})).toMatchObject({ status: ["active"], ordering: ["ending_soon"] });
  });

  it("asks for the best match of words", () => {
    expect(filtersOf({ search: "lamp" }).ordering).toEqual(["relevance"]);
    expect(filtersOf({ search: "lamp", ordering: "cheapest" }).ordering).toEqual(["price"]);
  });

  it("never asks for relevance without words, which the house refuses", () => {
    expect(orderingOf({ ordering: "relevance" })).toBe("ending");
  });

  it("asks for listings without a reserve", () => {
    expect(filtersOf({ no_reserve: true }).has_reserve).toBe(false);
    expect(filtersOf({})).not.toHaveProperty("has_reserve");
  });
});

it("goes back to the first page when the search changes, and only then", () => {
  expect(change({ page: 4, search: "a" }, { condition: "new" })).toEqual({
    search: "a",
    condition: "new",
  });
  expect(change({ page: 4 }, { page: 5 })).toEqual({ page: 5 });
});

it("counts narrowings; two bounds of a price are one", () => {
  expect(narrowings({ search: "a", ordering: "bids", page: 2 })).toBe(0);
  expect(narrowings({ min_price: 1, max_price: 2, category: "art", buy_now: true })).toBe(3);
});
