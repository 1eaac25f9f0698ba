import { expect, test } from "vitest";
import { changeOf, salesOf, sparkLine } from "./figures";

test("a change is against the period before, where there was anything", () => {
  expect(changeOf(150, 100)).toBe(0.5);
  expect(changeOf(50, 100)).toBe(-0.5);
  expect(changeOf(5, 0)).toBeNull();
  expect(changeOf(null, 3)).toBeNull();
});

test("sales of a currency are zero where none were made in it", () => {
  const point = (currency: string, amount: number) =>
    ({ gmv: [{ currency, amount, taken: 0, take_rate: null }] }) as never;
  expect(salesOf([point("USD", 5), point("EUR", 7)], "EUR")).toEqual([0, 7]);
});

test("a spark line goes from edge to edge, the highest at the top", () => {
  expect(sparkLine([0, 5, 10], 100, 22)).toBe("0.0,21.0 50.0,11.0 100.0,1.0");
  expect(sparkLine([0, 0], 10, 22)).toBe("0.0,21.0 10.0,21.0");
  expect(sparkLine([3], 10, 22)).toBe("");
});
