import { expect, it } from "vitest";
import { sentenceAbout } from "./tell-fields";

it.each([
  ["starting_price", "starting_price: must be at most 9", "Must be at most 9"],
  ["title", "lots: too many; title: too long", "Too long"],
  ["title", "Give it a title", "Give it a title"],
])("%s: %s", (name, message, said) => {
  expect(sentenceAbout(name, message)).toBe(said);
});
