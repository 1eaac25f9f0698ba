import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

/** Features whose pages a visitor comes upon first; no other feature is used on those. */
const MARKET = ["auctions", "auth", "bidding", "notifications", "reports"].map(
  (feature) => `src/features/${feature}`,
);

/** Of those, what is said on a page behind the market alone. */
const BEHIND = "sentences";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "de", "ar"],
  catalogs: [
    {
      path: "<rootDir>/src/locales/market/{locale}",
      include: ["src/app", "src/components", "src/lib", "src/services", ...MARKET],
      exclude: MARKET.map((folder) => `${folder}/${BEHIND}.ts`),
    },
    {
      path: "<rootDir>/src/locales/house/{locale}",
      include: ["src/features"],
      exclude: MARKET.map((folder) => `${folder}/!(${BEHIND}).*`),
    },
  ],
  // Without line numbers and origins: a moved line must not touch six catalogs.
  format: formatter({ origins: false, lineNumbers: false }),
});
