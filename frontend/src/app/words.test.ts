import { glob, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import config from "../../lingui.config";
import { isOfMarket } from "./i18n";

const ROUTES = "src/app/routes";

/** `auctions.$auctionId.tsx` as the address it stands for. */
const addressOf = (file: string) =>
  `/${file
    .replace(".tsx", "")
    .replace(/(^|\.)index$/, "")
    .replaceAll(".", "/")
    .replaceAll(/\$\w+/g, "1")}`;

test("a page that comes without all words uses features of the market alone", async () => {
  const [market] = config.catalogs ?? [];
  const checkedPages: string[] = [];
  const wrong: string[] = [];
  for await (const file of glob("*.tsx", { cwd: ROUTES })) {
    if (file.startsWith("__") || !isOfMarket(addressOf(file))) continue;
    checkedPages.push(file);
    const text = await readFile(`${ROUTES}/${file}`, "utf8");
    for (const [, feature] of text.matchAll(/@\/(features\/[\w-]+)/g)) {
      if (!market?.include.includes(`src/${feature}`)) wrong.push(`${file}: ${feature}`);
    }
  }

  expect(checkedPages).toContain("auctions.$auctionId.tsx");
  expect(checkedPages).not.toContain("admin.index.tsx");
  expect(wrong).toEqual([]);
  expect(isOfMarket("/notifications")).toBe(false); // its sentences are among the house's words
});
