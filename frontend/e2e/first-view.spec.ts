import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const START = /assets\/start-.*\.js/;
const STYLES = /assets\/.*\.css/;

/** Keep what a page asks for at these addresses waiting; returns what lets it come. */
async function hold(page: Page, addresses: RegExp): Promise<() => void> {
  let release: () => void = () => undefined;
  const held = new Promise<void>((go) => {
    release = go;
  });
  await page.route(addresses, async (route) => {
    await held;
    await route.continue();
  });
  return release;
}

test("who tabs before the app has come keeps his place", async ({ market, page }) => {
  const release = await hold(page, START);
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

test("the words a visitor reads first stay where they are while the app comes", async ({
  market,
  page,
}) => {
  const showStyles = await hold(page, STYLES);
  const showApp = await hold(page, START);
  const lead = page.getByText("You see every bid as it is made");
  const place = () =>
    lead.evaluate((paragraph) => {
      const words = document.createRange();
      words.selectNodeContents(paragraph);
      const { x, y, width, height } = words.getBoundingClientRect();
      return { x, y, width, height };
    });
  await page.setViewportSize({ width: 412, height: 823 });
  await page.goto(market.url, { waitUntil: "commit" });
  await lead.waitFor();
  const first = await place();

  const styles = page.waitForResponse(STYLES);
  showStyles();
  await (await styles).finished();
  await page.waitForFunction(() => document.styleSheets.length > 1);
  expect(await place()).toEqual(first);

  showApp();
  await page.getByRole("contentinfo").waitFor();
  expect(await place()).toEqual(first);
});

test("markup that comes as text does not become part of a page", async ({ market, page }) => {
  await page.goto(market.url);
  await page.getByRole("contentinfo").waitFor();

  const outcome = await page.evaluate(() => {
    const place = document.createElement("div");
    try {
      place.innerHTML = "<img src=x>";
    } catch (error) {
      return (error as Error).name;
    }
    return place.innerHTML;
  });
  expect(outcome).toBe("TypeError");
});
