import { useLingui } from "@lingui/react/macro";

const HOUR = 3600;
const DAY = 24 * HOUR;
const CHOICES = [HOUR, 6 * HOUR, DAY, 3 * DAY, 5 * DAY, 7 * DAY, 10 * DAY, 14 * DAY, 30 * DAY];

/** Durations to choose from, the one in force among them. */
export function useDurationWords(current: string): { value: string; label: string }[] {
  const { i18n } = useLingui();
  const known = CHOICES.includes(Number(current)) ? CHOICES : [Number(current), ...CHOICES];
  return known.map((seconds) => ({ value: String(seconds), label: words(seconds, i18n.locale) }));
}

/** "7 days", as the reader's language says it. */
function words(seconds: number, locale: string): string {
  const say = (count: number, unit: "day" | "hour" | "minute") =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count);
  if (seconds % DAY === 0) return say(seconds / DAY, "day");
  if (seconds % HOUR === 0) return say(seconds / HOUR, "hour");
  return say(Math.round(seconds / 60), "minute");
}
