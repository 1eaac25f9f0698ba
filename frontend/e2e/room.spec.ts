import type { Page } from "@playwright/test";
import { expect, someone, test } from "./fixtures";
import type { House } from "./house";

interface Lot {
  title: string;
  seconds?: number;
  softCloseSeconds?: number;
}

/** A lot of its own that runs now; returns its id. */
async function lot(house: House, { title, seconds = 600, softCloseSeconds = 0 }: Lot) {
  const seller = await house.account(someone("seller"));
  const auction = await seller.createAuction({
    title,
    starting_price: 100,
    minimum_increment: 5,
    duration_seconds: seconds,
    ...(softCloseSeconds
      ? {
          soft_close: {
            window_seconds: softCloseSeconds,
            extension_seconds: softCloseSeconds,
          },
        }
      : { soft_close: null }),
  } as Parameters<typeof seller.createAuction>[0]);
  await seller.activateAuction(auction.id);
  return { id: auction.id, seller };
}

/** A page of somebody new, in a browser of his own, at an address. */
async function visitor(house: House, page: Page, name: string, path: string) {
  const username = someone(name);
  const client = await house.account(username);
  await house.logIn(page, username);
  await page.goto(house.url + path);
  return { username, client };
}

async function bid(page: Page, amount: string) {
  const panel = page.getByRole("region", { name: "Bidding" });
  await panel.getByLabel("Your bid", { exact: true }).fill(amount);
  await panel.getByRole("button", { name: `Bid $${amount}`, exact: true }).click();
}

test("two browsers in one auction: bid, outbid, maximum, soft close, end", async ({
  house,
  browser,
}) => {
  const { id } = await lot(house, {
    title: "A contested clock",
    seconds: 45,
    softCloseSeconds: 45,
  });
  const [first, second] = await Promise.all(
    [0, 1].map(async () => (await browser.newContext()).newPage()),
  );
  if (!first || !second) throw new Error("no pages");
  const anna = await visitor(house, first, "anna", `/auctions/${id}`);
  await visitor(house, second, "ben", `/auctions/${id}`);

  await bid(first, "100");
  await expect(first.getByText("You lead").first()).toBeVisible();
  await expect(second.getByText("$100").first()).toBeVisible(); // by the room, without a reload

  await bid(second, "110");
  await expect(second.getByText("You lead").first()).toBeVisible();
  await expect(first.getByText("Outbid").first()).toBeVisible();

  await anna.client.createAutoBid({ auction_id: id, max_bid: 200 });
  await expect(first.getByText("You lead").first()).toBeVisible();
  await bid(second, "125");
  await expect(second.getByText("$130").first()).toBeVisible(); // the maximum answered
  await expect(second.getByText("Outbid").first()).toBeVisible();

  await expect(first.getByText(/^Extended because of a late bid/).first()).toBeVisible();
  await expect(first.getByText("You won").first()).toBeVisible({ timeout: 60_000 });
  await expect(second.getByText(/Sold for/).first()).toBeVisible();
  expect(await house.run("verify", String(id))).toContain("1");
});

test("a house that is killed and opened again: both pages catch up, no wrong price is shown", async ({
  browser,
}) => {
  const { House } = await import("./house");
  const house = await House.open({ demo: false });
  try {
    const { id } = await lot(house, { title: "A clock through the storm" });
    const pages = await Promise.all([0, 1].map(async () => (await browser.newContext()).newPage()));
    const [first, second] = pages as [Page, Page];
    const anna = await visitor(house, first, "anna", `/auctions/${id}`);
    const ben = await visitor(house, second, "ben", `/auctions/${id}`);
    await bid(first, "100");
    await expect(second.getByText("$100").first()).toBeVisible();
    const seen = await Promise.all(pages.map(watchPrices));

    await house.kill();
    await expect(first.getByText(/reconnecting|not live|offline/i).first()).toBeVisible({
      timeout: 20_000,
    });
    await house.start();
    await ben.client.placeBid(id, 120);
    await anna.client.placeBid(id, 130);

    for (const page of pages) {
      await expect(page.getByText("$130").first()).toBeVisible({ timeout: 30_000 });
    }
    const real = ["$100", "$120", "$130"];
    for (const prices of seen) {
      const shown = await prices();
      expect(shown.filter((price) => !real.includes(price))).toEqual([]);
      const order = shown.map((price) => real.indexOf(price));
      expect(order).toEqual([...order].sort((a, b) => a - b)); // never back
    }
  } finally {
    await house.close();
  }
});

/** Note every price the page shows from now on; returns what reads them. */
async function watchPrices(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    (window as unknown as { seen: string[] }).seen = seen;
    const look = () => {
      const price = document.querySelector("[data-price]")?.textContent?.trim();
      if (price && seen.at(-1) !== price) seen.push(price);
      requestAnimationFrame(look);
    };
    look();
  });
  return () => page.evaluate(() => (window as unknown as { seen: string[] }).seen);
}

test("who is banned is thrown out within five seconds", async ({ market, page }) => {
  const username = someone("rogue");
  const rogue = await market.account(username);
  const { id } = await rogue.getCurrentUser();
  const staff = await market.demo("staff");
  const open = (await staff.getAuctions({ status: ["active"] })).results[0];
  await market.logIn(page, username);
  await page.goto(`${market.url}/auctions/${open?.id}`);
  await expect(page.getByRole("main").getByText(/live/i).first()).toBeVisible();

  await staff.banUser(id, { reason: "Shills for a friend" });

  await expect(page.getByRole("link", { name: "Log in" }).first()).toBeVisible({ timeout: 5000 });
  await page.goto(`${market.url}/login`);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill("a sentence is a good password");
  await page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
});
