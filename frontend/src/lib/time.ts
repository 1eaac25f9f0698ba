import { kept } from "./kept";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration as a countdown shows it: "2 d 4 h", "03:59:10", "42". Never below zero. */
export function countdown(seconds: number, words: { day: string; hour: string }): string {
  const left = Math.max(0, Math.floor(seconds));
  if (left >= DAY) {
    return `${Math.floor(left / DAY)} ${words.day} ${Math.floor((left % DAY) / HOUR)} ${words.hour}`;
  }
  if (left < MINUTE) return String(left);
  const parts = [Math.floor(left / HOUR), Math.floor((left % HOUR) / MINUTE), left % MINUTE];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

const instants = kept(
  (locale: string | undefined) =>
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }),
);
const days = kept(
  (locale: string | undefined) => new Intl.DateTimeFormat(locale, { dateStyle: "medium" }),
);
const distances = kept(
  (locale: string | undefined) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
);

/** An instant for people, in their zone and language. */
export function instant(iso: string, locale?: string): string {
  return instants(locale).format(new Date(iso));
}

/** A day for people. */
export function day(iso: string, locale?: string): string {
  return days(locale).format(new Date(iso));
}

/** "3 hours ago", "in 2 days". */
export function relative(iso: string, nowMs: number, locale?: string): string {
  const seconds = (new Date(iso).getTime() - nowMs) / 1000;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", DAY],
    ["hour", HOUR],
    ["minute", MINUTE],
  ];
  const format = distances(locale);
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(Math.trunc(seconds), "second");
}
