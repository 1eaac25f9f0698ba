import { describe, expect, it } from "vitest";
import { stepPath } from "./chart-steps";

const BOX = { width: 100, height: 50 };

describe("stepPath", () => {
  it("keeps a price until the next bid, and the last one until now", () => {
    const steps = [
      { atMs: 0, amount: 10 },
      { atMs: 50, amount: 20 },
    ];
    expect(stepPath(steps, 100, BOX)).toEqual({ line: "M0,50H50V0H100", low: 10, high: 20 });
  });

  it("draws nothing of fewer than two bids", () => {
    expect(stepPath([], 100, BOX)).toBeNull();
    expect(stepPath([{ atMs: 0, amount: 10 }], 100, BOX)).toBeNull();
  });

  it("is a level line where all bids are the same", () => {
    const steps = [
      { atMs: 0, amount: 10 },
      { atMs: 10, amount: 10 },
    ];
    expect(stepPath(steps, 10, BOX)?.line).toMatch(/^M0,25H/);
  });
});
