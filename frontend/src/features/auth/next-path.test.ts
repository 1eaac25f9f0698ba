import { expect, test } from "vitest";
import { nextSearch, safeNext } from "./next-path";

test.each([
  ["/auctions/7?bid=500#panel", "/auctions/7?bid=500#panel"],
  ["/settings", "/settings"],
  ["//evil.example/x", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/login?next=/x", "/"],
  ["", "/"],
  [undefined, "/"],
  [["/a"], "/"],
])("%j leads to %s", (next, path) => {
  expect(safeNext(next)).toBe(path);
});

test("an address without a next stays without one", () => {
  expect(nextSearch({ next: "//evil.example" })).toEqual({});
  expect(nextSearch({ next: "/sell" })).toEqual({ next: "/sell" });
});
