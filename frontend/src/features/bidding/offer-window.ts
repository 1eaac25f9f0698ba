const DAY_MS = 86_400_000;
const DAYS = { "1d": 1, "3d": 3, "7d": 7 } as const;

/** For how long an offer may stand. */
export type Window = keyof typeof DAYS | "end" | "own";
const WINDOWS: readonly Window[] = ["1d", "3d", "7d", "end", "own"];

/** When an offer made now lapses; null where the listing has no end. */
export function endOf(
  window: Exclude<Window, "own">,
  nowMs: number,
  endTime: string | null,
): string | null {
  if (window === "end") return endTime;
  return new Date(nowMs + daysMs(window)).toISOString();
}

/** Those that make sense for a listing that ends then. */
export function windowsUntil(nowMs: number, endTime: string | null): readonly Window[] {
  if (endTime === null) return WINDOWS.filter((window) => window !== "end");
  const left = Date.parse(endTime) - nowMs;
  return WINDOWS.filter(
    (window) => !(window in DAYS) || daysMs(window as keyof typeof DAYS) < left,
  );
}

function daysMs(window: keyof typeof DAYS): number {
  return DAYS[window] * DAY_MS;
}

/** The instant of what a `datetime-local` field says, in the zone of whoever typed it. */
export function localIso(value: string): string | null {
  const at = new Date(value).getTime();
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** An instant as a `datetime-local` field has it. */
export function inputValue(ms: number): string {
  const offset = new Date(ms).getTimezoneOffset() * 60_000;
  return new Date(ms - offset).toISOString().slice(0, 16);
}
