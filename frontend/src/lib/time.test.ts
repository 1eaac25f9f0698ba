import { describe, expect, it } from "vitest";
import { countdown, day, instant, relative } from "./time";

const words = { day: "d", hour: "h" };

describe("a countdown", () => {
  it.each([
    [187_200, "2 d 4 h"],
    [86_400, "1 d 0 h"],
    [86_399, "23:59:59"],
    [14_350.9, "03:59:10"],
    [60, "00:01:00"],
    [59.99, "59"],
    [1, "1"],
    [0.4, "0"],
    [0, "0"],
    [-5, "0"],
  ])("of %s seconds shows %s", (seconds, text) => expect(countdown(seconds, words)).toBe(text));
});

describe("an instant", () => {
  it("is told in the reader's language", () => {
    expect(day("2026-02-22T10:30:00Z", "en")).toBe("Feb 22, 2026");
    expect(day("2026-02-22T10:30:00Z", "de")).toBe("22.02.2026");
    expect(instant("2026-02-22T10:30:00Z", "en")).toMatch(/^Feb 2[123], 2026, \d?\d:30/);
  });
});

describe("a distance in time", () => {
  const now = Date.parse("2026-02-22T10:30:00Z");
  it.each([
    ["2026-02-22T07:30:00Z", "3 hours ago"],
    ["2026-02-24T10:30:00Z", "in 2 days"],
    ["2026-02-22T10:29:10Z", "50 seconds ago"],
    ["2026-02-22T10:31:59Z", "in 1 minute"],
    ["2026-02-22T10:30:00Z", "now"],
    ["2026-02-21T10:30:00Z", "yesterday"],
  ])("%s is %s", (iso, text) => expect(relative(iso, now, "en")).toBe(text));
});
