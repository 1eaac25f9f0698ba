import { expect, test } from "vitest";
import { allowedHtml, allowedScript } from "./trusted-types";

const origin = window.location.origin;

test("a style sheet may be written, markup may not", () => {
  expect(allowedHtml(":root { --gap: 1rem }")).toBe(":root { --gap: 1rem }");
  expect(allowedHtml("a lamp <img src=x onerror=alert(1)>")).toBeNull();
  expect(allowedHtml("</style><script>alert(1)</script>")).toBeNull();
});

test.each([
  "/sw.js",
  "/assets/start-1.js",
  `${origin}/assets/start-1.js`,
  "https://js.stripe.com/v3",
])("a script may come from %s", (address) => {
  expect(allowedScript(address)).toBe(address);
});

test.each([
  "/media/avatars/1.js",
  "/assets/../media/1.js",
  "/sw.js/../media/1.js",
  "//evil.example/assets/start-1.js",
  "https://js.stripe.com.evil.example/v3",
  "data:text/javascript,alert(1)",
  "blob:https://js.stripe.com/1",
  "javascript:alert(1)",
])("a script may not come from %s", (address) => {
  expect(allowedScript(address)).toBeNull();
});
