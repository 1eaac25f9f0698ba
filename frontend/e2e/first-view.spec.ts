import { expect, test } from "./fixtures";

const START = /assets\/start-.*\.js/;

test("who tabs before the app has come keeps his place", async ({ market, page }) => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((go) => {
    release = go;
  });
  await page.route(START, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(market.url, { waitUntil: "commit" });
  await page.locator("main").waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const home = page.getByRole("banner").getByRole("link", { name: "BidBazaar" });
  await expect(home).toBeFocused();
  await expect(page.getByRole("contentinfo")).toHaveCount(0); // it is the server's page still

  release();

  await page.getByRole("contentinfo").waitFor();
  await expect(home).toBeFocused();
});

test("a page whose app does not come says so", async ({ market, page }) => {
  await page.route(START, (route) => route.abort());
  await page.goto(market.url);

  await expect(page.getByRole("alert")).toContainText("may be old");
});
