import { test as base, type Page } from "@playwright/test";
import { expect, someone } from "./fixtures";
import { House } from "./house";
import { Providers } from "./providers";

/** A house that is paid by providers with pages of their own. */
const test = base.extend<object, { providers: Providers; house: House }>({
  providers: [
    // biome-ignore lint/correctness/noEmptyPattern: how Playwright says "no other fixture"
    async ({}, use) => {
      const providers = await Providers.open();
      await use(providers);
      await providers.close();
    },
    { scope: "worker" },
  ],
  house: [
    async ({ providers }, use) => {
      const house = await House.open({ demo: false, environment: providers.environment });
      await use(house);
      await house.close();
    },
    { scope: "worker", timeout: 150_000 },
  ],
});

/** A page of somebody who has won something for $50, at the checkout's second step. */
async function atTheProvider(house: House, page: Page, method: string) {
  const seller = await house.account(someone("seller"));
  const auction = await seller.createAuction({
    title: "A brass lamp",
    starting_price: 50,
    duration_seconds: 600,
  } as Parameters<typeof seller.createAuction>[0]);
  await seller.activateAuction(auction.id);
  const username = someone("buyer");
  const buyer = await house.account(username);
  await buyer.placeBid(auction.id, 50);
  await seller.endAuction(auction.id);

  await house.logIn(page, username);
  await page.goto(`${house.url}/checkout/${auction.id}`);
  await page.getByRole("radio", { name: method }).check({ force: true });
  await page.getByRole("button", { name: "Go on" }).click();
}

const paid = (page: Page) => page.getByText(/You have paid/).first();

test("PayPal: go back without agreeing, then agree, and be led back to what is paid", async ({
  house,
  page,
}) => {
  await atTheProvider(house, page, "PayPal");
  const toPayPal = page.getByRole("link", { name: "Go to PayPal" });
  await toPayPal.click();
  await page.getByRole("link", { name: "Cancel and go back" }).click();
  await expect(toPayPal).toBeVisible();
  await expect(paid(page)).toBeHidden();

  await toPayPal.click();
  await expect(page.getByRole("heading", { name: /^Pay 50/ })).toBeVisible();
  await page.getByRole("button", { name: "Agree and pay" }).click();

  await page.waitForURL(`${house.url}/checkout/**`);
  await expect(paid(page)).toBeVisible();
});

test("a card: declined with the bank's words, then paid", async ({ house, page, providers }) => {
  await providers.playStripe(page);
  await atTheProvider(house, page, "Card");
  const number = page.getByLabel("Card number");
  const pay = page.getByRole("button", { name: /^Pay \$50/ });
  await number.fill("4000000000000002");
  await pay.click();
  await expect(page.getByRole("alert").getByText(/declined/)).toBeVisible();
  await expect(paid(page)).toBeHidden();

  await number.fill("4242424242424242");
  await pay.click();
  await expect(paid(page)).toBeVisible();
});
