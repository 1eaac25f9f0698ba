import { expect, test } from "vitest";
import { piecesOf } from "./linked-text";

test("addresses of the house are links, others are text", () => {
  const text = "Go:\nhttps://house.test/reset-password#token=a-b\nnot https://evil.test/x";
  expect(piecesOf(text, "https://house.test")).toEqual([
    { text: "Go:\n", path: null },
    { text: "https://house.test/reset-password#token=a-b", path: "/reset-password#token=a-b" },
    { text: "\nnot ", path: null },
    { text: "https://evil.test/x", path: null },
  ]);
});
