import type { Locator, Page } from "@playwright/test";
import { expect, someone, test } from "./fixtures";

const TABS_MAX = 80;

/** Press Tab until it has the focus, as somebody without a mouse would. */
async function tabTo(page: Page, target: Locator) {
  await target.waitFor();
  for (let press = 0; press < TABS_MAX; press++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${TABS_MAX} tabs did not reach ${target}`);
}

test("the way to a bid, by keyboard alone", async ({ market, page }) => {
  const username = someone("kim");
  await market.account(username);
  await page.goto(market.url);
  await page.getByRole("heading", { level: 1 }).waitFor();

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();

  await tabTo(page, page.getByRole("banner").getByRole("link", { name: "Log in" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel("User name"));
  await page.keyboard.type(username);
  await tabTo(page, page.locator("input[type=password]"));
  await page.keyboard.type("a sentence is a good password");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `Account of ${username}` }).waitFor();

  await tabTo(page, page.getByRole("searchbox").first());
  await page.keyboard.type("guitar");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search=guitar/);
  const found = page
    .getByRole("main")
    .getByRole("link", { name: /guitar/i })
    .first();
  await tabTo(page, found);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/auctions\//);

  const panel = page.getByRole("region", { name: "Bidding" });
  await tabTo(page, panel.getByLabel("Your bid", { exact: true }));
  await tabTo(page, panel.getByRole("button", { name: /^Bid \$/ }));
  await page.keyboard.press("Enter");
  await expect(panel.getByText(/^(You lead|Outbid)/).first()).toBeVisible();

  await tabTo(page, panel.getByRole("button", { name: /maximum/i }).first());
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(panel.getByRole("button", { name: /maximum/i }).first()).toBeFocused();
});

test("nothing needs more room than a small phone has", async ({ market, page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const wide: string[] = [];
  const client = await market.demo("bidder1");
  const open = (await client.getAuctions({ status: ["active"] })).results[0];
  for (const path of ["/", "/search", `/auctions/${open?.id}`, "/login", "/register"]) {
    await page.goto(market.url + path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 320) wide.push(`${path}: ${width}`);
  }
  expect(wide).toEqual([]);
});
