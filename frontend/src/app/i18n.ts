import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";

i18n.setMessagesCompiler(compileMessage);

/** Languages of the app, in their own words. */
export const LANGUAGES = { en: "English", de: "Deutsch", ar: "العربية" } as const;
export type Language = keyof typeof LANGUAGES;

/** The language the code is written in. */
const SOURCE: Language = "en";
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

/** Load a language's words and show the page in it. */
export async function showLanguage(language: Language, keep = false): Promise<void> {
  const messages = language === SOURCE ? {} : (await import(`../locales/${language}.po`)).messages;
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
  if (keep) localStorage.setItem(KEPT, language);
}
