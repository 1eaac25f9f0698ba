import { test as base } from "@playwright/test";
import { House } from "./house";

/** A house per worker with nothing in it, and one with the demo market; each is opened once. */
export const test = base.extend<object, { house: House; market: House }>({
  house: [
    // biome-ignore lint/correctness/noEmptyPattern: how Playwright says "no other fixture"
    async ({}, use) => {
      const house = await House.open({ demo: false });
      await use(house);
      await house.close();
    },
    { scope: "worker", timeout: 150_000 },
  ],
  market: [
    // biome-ignore lint/correctness/noEmptyPattern: how Playwright says "no other fixture"
    async ({}, use) => {
      const house = await House.open({ demo: true });
      await use(house);
      await house.close();
    },
    { scope: "worker", timeout: 150_000 },
  ],
});

export { expect } from "@playwright/test";

let count = 0;

/** A user name nobody has had in this worker's houses. */
export function someone(role: string): string {
  count += 1;
  return `${role}${process.pid % 10_000}x${count}`;
}
