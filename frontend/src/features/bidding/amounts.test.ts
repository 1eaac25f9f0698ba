import { describe, expect, it } from "vitest";
import { isBig, sensibleAmounts, stepMinor } from "./amounts";

const ladder = (current: number | null, least: number, increment: number | null = null) => ({
  currency: "USD",
  current_bid: current,
  min_next_bid: least,
  minimum_increment: increment,
});

describe("sensibleAmounts", () => {
  it.each([
    [ladder(145, 150), [150, 155, 165]],
    [ladder(1230, 1255), [1255, 1280, 1320]],
    [ladder(520, 530.01, 10), [530.01, 550, 570]],
    [ladder(null, 80), [80, 82, 86]],
    [ladder(224, 224.01), [224.01, 224.02, 224.04]],
    [{ ...ladder(29600, 30000), currency: "JPY" }, [30000, 30200, 30600]],
  ])("%o", (given, amounts) => {
    expect(sensibleAmounts(given)).toEqual(amounts);
  });
});

describe("isBig", () => {
  it("never asks about a normal step", () => {
    expect(isBig(150, ladder(145, 150), 1)).toBe(false);
    expect(isBig(165, ladder(145, 150), null)).toBe(false);
  });

  it("asks about more than three steps above the next bid", () => {
    expect(isBig(165.01, ladder(145, 150), null)).toBe(true);
    expect(isBig(1500, ladder(145, 150), null)).toBe(true);
  });

  it("asks about ten times of what one bids otherwise", () => {
    expect(isBig(155, ladder(145, 150), 15)).toBe(true);
    expect(isBig(155, ladder(145, 150), 16)).toBe(false);
  });
});

it("takes a step for granted where there is none", () => {
  expect(stepMinor(ladder(null, 0.05))).toBe(1);
});
