import { describe, expect, it } from "vitest";
import { changesOf, type DraftForm, formOf, type Listing, localOf, problemsOf } from "./draft";

const FORM: DraftForm = {
  title: "Desk",
  description: "",
  category: "3",
  condition: "used",
  closing: "timed",
  currency: "USD",
  starting: "100",
  increment: "",
  reserve: "",
  buyNow: "",
  opens: "",
  duration: "604800",
  extends: true,
};
const NOW = new Date("2026-03-01T10:00:00Z").getTime();
const nothing = new Set<never>();

describe("what is saved", () => {
  it("is nothing where nothing changed, however an amount is written", () => {
    expect(changesOf({ ...FORM, starting: "100.00", title: " Desk " }, FORM, nothing)).toEqual({});
  });

  it("is what changed, in the API's words", () => {
    const form = { ...FORM, title: "Old desk", category: "", reserve: "150,50", extends: false };
    expect(changesOf(form, FORM, nothing)).toEqual({
      title: "Old desk",
      category: null,
      reserve_price: "150.5",
      soft_close: null,
    });
  });

  it("leaves out what is wrong", () => {
    const form = { ...FORM, title: "", description: "Walnut" };
    expect(changesOf(form, FORM, new Set(["title" as const]))).toEqual({ description: "Walnut" });
  });

  it("takes out what a listing for offers has not", () => {
    const saved = { ...FORM, reserve: "150", increment: "5" };
    expect(changesOf({ ...saved, closing: "seller_choice" }, saved, nothing)).toEqual({
      closing: "seller_choice",
      reserve_price: null,
      minimum_increment: null,
      soft_close: null,
    });
  });

  it("sends every price again with another currency", () => {
    expect(changesOf({ ...FORM, currency: "EUR" }, FORM, nothing)).toEqual({
      currency: "EUR",
      starting_price: "100",
      minimum_increment: null,
      reserve_price: null,
      buy_now_price: null,
    });
  });

  it("comes back as it was from what the server answers", () => {
    const listing = {
      ...{ title: "Desk", description: "", condition: "used", closing: "timed", currency: "USD" },
      ...{ category: { id: 3, name: "Furniture", slug: "furniture" }, starting_price: 100 },
      ...{ minimum_increment: null, reserve_price: null, buy_now_price: null, start_time: null },
      ...{ duration_seconds: 604800, soft_close: { window_seconds: 120 } },
    };
    expect(formOf(listing as unknown as Listing)).toEqual(FORM);
  });
});

describe("what is wrong", () => {
  it.each([
    [{}, {}],
    [{ title: "  " }, { title: "titleMissing" }],
    [{ title: "x".repeat(201) }, { title: "titleLong" }],
    [{ starting: "" }, { starting: "amountMissing" }],
    [{ starting: "ten" }, { starting: "amountWrong" }],
    [{ currency: "JPY", starting: "10.5" }, { starting: "amountWrong" }],
    [{ reserve: "100" }, { reserve: "reserveLow" }],
    [{ buyNow: "129.99" }, { buyNow: "buyNowLow" }],
    [{ buyNow: "130" }, {}],
    [{ reserve: "150", buyNow: "150" }, { buyNow: "buyNowBelowReserve" }],
    [{ closing: "seller_choice" as const, reserve: "1", increment: "x" }, {}],
    [{ opens: localOf("2026-03-01T09:59:00Z") }, { opens: "opensPast" }],
    [{ opens: localOf("2026-03-01T10:01:00Z") }, {}],
    [{ opens: "not a time" }, { opens: "opensPast" }],
  ])("%o: %o", (changed, expected) => {
    expect(problemsOf({ ...FORM, ...changed }, NOW)).toEqual(expected);
  });
});
