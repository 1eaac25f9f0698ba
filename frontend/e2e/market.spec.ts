import type { Page } from "@playwright/test";
import { expect, someone, test } from "./fixtures";

const PASSWORD = "a sentence is a good password";

/** A visitor makes himself an account by the form. */
async function register(page: Page, url: string, username: string) {
  await page.goto(`${url}/register`);
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("E-mail address").fill(`${username}@example.org`);
  await page.locator("input[type=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "Create my account" }).click();
  await page.getByRole("button", { name: `Account of ${username}` }).waitFor();
}

test("register, list, activate, sell, pay, invoice, receipt, release", async ({
  house,
  browser,
}) => {
  const pages = await Promise.all([0, 1].map(async () => (await browser.newContext()).newPage()));
  const [selling, buying] = pages as [Page, Page];
  const seller = someone("carla");
  const buyer = someone("dora");
  await register(selling, house.url, seller);
  await register(buying, house.url, buyer);

  const title = `A walnut desk of ${seller}`;
  const id = await list(selling, house.url, title);

  await buying.goto(`${house.url}/auctions/${id}`);
  const panel = buying.getByRole("region", { name: "Bidding" });
  await panel.getByLabel("Your bid", { exact: true }).fill("50");
  await panel.getByRole("button", { name: "Bid $50", exact: true }).click();
  await expect(panel.getByText("You lead").first()).toBeVisible();

  await selling.goto(`${house.url}/my/listings`);
  await selling.getByRole("button", { name: `End: ${title}` }).click();
  await selling.getByRole("button", { name: "End it now" }).click();
  const outcome = buying.getByRole("region", { name: "Outcome" });
  await expect(outcome.getByText("You won").first()).toBeVisible();

  await outcome.getByRole("link", { name: "Pay now" }).click();
  await buying.waitForURL(/\/checkout\//);
  await buying.getByRole("radio", { name: /Card/ }).check({ force: true });
  await buying.getByRole("button", { name: "Go on" }).click();
  await buying.getByRole("button", { name: /^Pay \$50/ }).click();
  await expect(buying.getByText(/You have paid/).first()).toBeVisible();

  await buying.goto(`${house.url}/my/orders?tab=invoices`);
  const download = buying.waitForEvent("download");
  await buying.getByRole("button", { name: /^PDF/ }).first().click();
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/);

  await buying.goto(`${house.url}/my/orders`);
  await buying.getByRole("button", { name: "I have received it" }).first().click();
  await buying.getByRole("button", { name: "Yes, pay the seller" }).click();
  await expect(buying.getByText("The seller is being paid.").first()).toBeVisible();

  await selling.goto(`${house.url}/my/orders?tab=sales`);
  await expect(selling.getByText(title).first()).toBeVisible();
  await expect(selling.getByText(/Released/).first()).toBeVisible({ timeout: 30_000 });
  expect(await house.run("verify")).toContain("it adds up");
});

/** List something by the wizard; returns its id. */
async function list(page: Page, url: string, title: string): Promise<number> {
  await page.goto(`${url}/sell`);
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Begin the listing" }).click();
  await page.waitForURL(/\/sell\/\d+/);
  const steps = page.getByRole("navigation", { name: "Steps of the listing" });
  await steps.getByText("Price").click();
  await page.getByLabel("Starting price").fill("50");
  await steps.getByText("Review").click();
  await page.getByRole("button", { name: /^Publish it/ }).click();
  await page.waitForURL(/\/auctions\/\d+/);
  return Number(new URL(page.url()).pathname.split("/").at(-1));
}

test("an offer is made, and sold to", async ({ house, browser }) => {
  const seller = await house.account(someone("olga"));
  const soon = new Date(Date.now() - 60_000).toISOString().slice(0, 19);
  const later = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19);
  const product = await seller.createProduct({
    title: "A rug that takes offers",
    starting_price: 200,
    start_date: soon,
    end_date: later,
  } as never);
  const id = (product as { id: number }).id;
  const page = await (await browser.newContext()).newPage();
  const name = someone("piet");
  const bidder = await house.account(name);
  await house.logIn(page, name);
  await page.goto(`${house.url}/auctions/${id}`);
  await page.getByRole("button", { name: "Make an offer" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/Your offer/).fill("250");
  await dialog
    .getByRole("button", { name: /Make the offer|offer/i })
    .last()
    .click();
  await expect(page.getByText(/Your offer stands/).first()).toBeVisible();

  const desk = await (await browser.newContext()).newPage();
  const me = await seller.getCurrentUser();
  await house.logIn(desk, me.username);
  await desk.goto(`${house.url}/notifications`);
  await desk.getByRole("link", { name: /An offer for .*A rug that takes offers/ }).click();
  await desk.waitForURL(`${house.url}/offers/${id}`);
  await desk
    .getByRole("button", { name: `Sell to ${name} for $250` })
    .first()
    .click();
  await desk.getByRole("button", { name: "Sell for $250" }).click();
  await expect(desk.getByText(/Sold to/).first()).toBeVisible();
  await expect(page.getByText(/You won|You have bought/).first()).toBeVisible();
  expect((await bidder.getAuction(id)).sold).toBe(true);
});
