import { describe, expect, it } from "vitest";
import { chargesOf } from "./fees";

const TIERS = [
  { from: 0, rate_percent: 12 },
  { from: 2000, rate_percent: 10 },
  { from: 20000, rate_percent: 8 },
];

describe("chargesOf", () => {
  it.each([
    // As the house said them as `all_in_price`.
    [1255, "USD", TIERS, null, 1405.6],
    [
      46000.01,
      "USD",
      [
        { from: 0, rate_percent: 12 },
        { from: 100000, rate_percent: 10 },
      ],
      20,
      61824.01,
    ],
    [60, "USD", [], null, 60],
    // Each tier on the part within it: 240 + 1800 + 80.
    [21000, "USD", TIERS, null, 23120],
    // Half a unit goes up, once for each sum.
    [0.05, "USD", [{ from: 0, rate_percent: 10 }], null, 0.06],
    [29600, "JPY", [{ from: 0, rate_percent: 12.5 }], 10, 36630],
    [1.001, "KWD", [{ from: 0, rate_percent: 50 }], null, 1.502],
    // Beyond what doubles multiply exactly.
    [9999999999.99, "USD", [{ from: 0, rate_percent: 12 }], 20, 13439999999.99],
  ])("%d %s", (price, currency, premium, tax, total) => {
    const terms = {
      buyers_premium: premium,
      tax: tax === null ? null : { name: "VAT", rate_percent: tax },
    };
    expect(chargesOf(price, currency, terms).total).toBe(total);
  });
});
