import { i18n } from "@lingui/core";

/** Languages of the app, in their own words. */
export const LANGUAGES = { en: "English", de: "Deutsch", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

const RIGHT_TO_LEFT: readonly Language[] = ["ar"];
const KEPT = "language";

export function isLanguage(text: string | null | undefined): text is Language {
  return text != null && text in LANGUAGES;
}

/** What somebody chose here, else what his browser asks for, else English. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (isLanguage(kept)) return kept;
  const asked = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return asked ?? "en";
}

export function directionOf(language: Language): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
}

/** Words by where they are needed, as lingui.config.ts divides them. */
const WORDS = {
  market: (language: Language) => import(`../locales/market/${language}.po`),
  house: (language: Language) => import(`../locales/house/${language}.po`),
} as const;
/** Addresses of the market itself: lists, lots, people, the door. */
const MARKET =
  /^\/($|search|auctions\/|users\/|login|register|forgotten-password|reset-password|verify-email)/;
let parts: readonly (keyof typeof WORDS)[] = ["market"];
let shown: Language = "en";

/** Load a language's words and show the page in it. */
export async function showLanguage(language: Language, keep = false): Promise<void> {
  await show(language, parts);
  if (keep) localStorage.setItem(KEPT, language);
}

/** Tell whether a page needs no words but the market's. */
export function isOfMarket(path: string): boolean {
  return MARKET.test(path);
}

/** Have every word: pages beyond the market need them, a visitor's first page does not. */
export async function showAllWords(): Promise<void> {
  if (parts.length < 2) await show(shown, ["market", "house"]);
}

async function show(language: Language, needed: typeof parts): Promise<void> {
  const catalogs = await Promise.all(needed.map((part) => WORDS[part](language)));
  [shown, parts] = [language, needed];
  const messages = Object.assign({}, ...catalogs.map((catalog) => catalog.messages));
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}
