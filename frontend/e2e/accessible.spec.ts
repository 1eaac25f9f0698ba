import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext } from "@playwright/test";
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
      page.on("console", (said) => {
        if (/Content Security Policy|Trusted(HTML|Script)/.test(said.text()))
          found.push(`${page.url()}: ${said.text()}`);
      });
      if (role) await enter(context, market.url, role);
      for (const path of paths) {
        await page.goto(market.url + path);
        await page.getByRole("heading", { level: 1 }).first().waitFor();
        await page.waitForLoadState("networkidle");
        const report = await new AxeBuilder({ page }).withTags(RULES).analyze();
        for (const violation of report.violations) {
          const where = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
          found.push(`${role ?? "visitor"} ${path}: ${violation.id}: ${where.join(" | ")}`);
        }
        const direction = await page.evaluate(() => document.documentElement.dir);
        if (direction !== (look.language === "ar" ? "rtl" : "ltr"))
          found.push(`${path}: ${direction}`);
      }
      await context.close();
    }
    expect(found).toEqual([]);
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
