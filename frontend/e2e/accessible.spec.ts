import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import { DEMO_PASSWORD } from "./house";
import { pagesOf } from "./pages";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const LOOKS = {
  light: { colorScheme: "light", language: "en" },
  dark: { colorScheme: "dark", language: "en" },
  "right to left": { colorScheme: "light", language: "ar" },
} as const;

for (const [name, look] of Object.entries(LOOKS)) {
  test(`every page is accessible: ${name}`, async ({ market, browser }) => {
    test.setTimeout(600_000);
    const found: string[] = [];
    for (const [role, paths] of await pagesOf(market)) {
      const context = await browser.newContext({ colorScheme: look.colorScheme });
      await context.addInitScript(
        (language) => localStorage.setItem("language", language),
        look.language,
      );
      const page = await context.newPage();
      tellRefused(page, found);
      if (role) await enter(context, market.url, role);
      for (const path of paths) {
        await page.goto(market.url + path);
        await page.getByRole("heading", { level: 1 }).first().waitFor();
        await page.waitForLoadState("networkidle");
        found.push(...(await violations(page, `${role ?? "visitor"} ${path}`)));
        const direction = await page.evaluate(() => document.documentElement.dir);
        if (direction !== (look.language === "ar" ? "rtl" : "ltr"))
          found.push(`${path}: ${direction}`);
      }
      await context.close();
    }
    expect(found).toEqual([]);
  });
}

test("a dialog keeps the page beneath it still; it and a word in the corner are accessible", async ({
  market,
  browser,
}) => {
  const found: string[] = [];
  const context = await browser.newContext();
  const page = await context.newPage();
  tellRefused(page, found);
  await enter(context, market.url, "staff");
  await page.goto(`${market.url}/admin/deposits`);
  await page.getByRole("button", { name: "Demand a deposit", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("User name").fill("quiet_owl");
  await dialog.getByLabel("Reason").fill("Two wins unpaid");
  await expect(page.locator("body")).toHaveCSS("overflow", "hidden");
  found.push(...(await violations(page, "the dialog")));

  await dialog.getByRole("button", { name: "Demand it" }).click();

  await page.getByRole("button", { name: "Close" }).waitFor();
  await expect(dialog).toBeHidden();
  await expect(page.locator("body")).not.toHaveCSS("overflow", "hidden");
  found.push(...(await violations(page, "the word in the corner")));
  await expect(page.getByRole("button", { name: "Lift: quiet_owl" })).toBeVisible();
  expect(found).toEqual([]);
});

/** Note what a page's policy has refused: nothing of ours may be. */
function tellRefused(page: Page, found: string[]): void {
  page.on("console", (said) => {
    if (/Content Security Policy|Trusted(HTML|Script)/.test(said.text()))
      found.push(`${page.url()}: ${said.text()}`);
  });
}

async function violations(page: Page, where: string): Promise<string[]> {
  const report = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return report.violations.map(({ id, nodes }) => {
    const html = nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
    return `${where}: ${id}: ${html.join(" | ")}`;
  });
}

/** Log a context in without its form; pages find the session by its cookie. */
async function enter(context: BrowserContext, url: string, username: string): Promise<void> {
  const answer = await context.request.post(`${url}/api/auth/token/`, {
    data: { username, password: DEMO_PASSWORD },
    headers: { "x-refresh-cookie": "1" },
  });
  expect(answer.ok()).toBe(true);
  await context.addInitScript(() => localStorage.setItem("logged-in", "1"));
}
