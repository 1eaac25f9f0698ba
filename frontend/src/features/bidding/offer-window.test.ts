import { expect, it } from "vitest";
import { endOf, inputValue, localIso, windowsUntil } from "./offer-window";

const NOW = Date.parse("2026-02-22T10:00:00Z");

it("offers no window beyond the listing's end", () => {
  expect(windowsUntil(NOW, "2026-02-24T10:00:00Z")).toEqual(["1d", "end", "own"]);
  expect(windowsUntil(NOW, null)).toEqual(["1d", "3d", "7d", "own"]);
});

it("counts windows from now", () => {
  expect(endOf("3d", NOW, null)).toBe("2026-02-25T10:00:00.000Z");
  expect(endOf("end", NOW, "2026-02-24T10:00:00Z")).toBe("2026-02-24T10:00:00Z");
});

it("reads what a field says in the zone of whoever typed it", () => {
  expect(localIso(inputValue(NOW))).toBe("2026-02-22T10:00:00.000Z");
  expect(localIso("")).toBeNull();
});
