import { kept } from "./kept";

/** Decimal places of a currency: 2 for USD, 0 for JPY, 3 for KWD. */
export const decimals = kept((currency: string): number => {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
});

const formatOf = kept((currency: string, isWhole: boolean, locale: string | undefined) => {
  const places = isWhole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...places });
});

/** An amount in major units as the API says it (a JSON number), for people: "$45,000". */
export function money(amount: number, currency: string, locale?: string): string {
  return formatOf(currency, Number.isInteger(amount), locale).format(amount);
}

/** Minor units of an amount in major units; exact for what the API sends. */
export function toMinor(amount: number, currency: string): number {
  return Math.round(amount * 10 ** decimals(currency));
}

/** Major units of minor ones. */
export function toMajor(amountMinor: number, currency: string): number {
  return amountMinor / 10 ** decimals(currency);
}

const DIGITS: Record<string, string> = {};
for (const zero of [0x0660, 0x06f0]) {
  for (let digit = 0; digit < 10; digit++) DIGITS[String.fromCodePoint(zero + digit)] = `${digit}`;
}

/**
 * What somebody typed, in major units, or null when it is no amount of that currency: wrong
 * digits, too many decimals, zero. Accepts either decimal mark, spaces and signs of thousands.
 */
export function parseAmount(text: string, currency: string): number | null {
  const places = decimals(currency);
  let plain = text.trim().replace(/[٠-٩۰-۹]/g, (digit) => DIGITS[digit] ?? digit);
  plain = plain.replace(/٫/g, ".").replace(/[\s'’٬\u00a0\u202f]/g, "");
  const mark = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  const tail = mark < 0 ? "" : plain.slice(mark + 1);
  const groups = plain.slice(0, mark < 0 ? plain.length : mark);
  const separators = new Set(groups.replace(/\d/g, ""));
  const isThousands = mark >= 0 && tail.length === 3 && places !== 3;
  const grouped = /^\d{1,3}([.,]\d{3})*$/;
  if (isThousands ? !grouped.test(plain) : !/^\d+$/.test(groups) && !grouped.test(groups)) {
    return null;
  }
  if (separators.size > 1 || (mark >= 0 && !isThousands && separators.has(plain[mark] ?? ""))) {
    return null;
  }
  if (!isThousands && (tail.length > places || (mark >= 0 && !/^\d+$/.test(tail)))) return null;
  const whole = (isThousands ? plain : groups).replace(/[.,]/g, "");
  const amount = Number(isThousands || tail === "" ? whole : `${whole}.${tail}`);
  return Number.isFinite(amount) && amount > 0 && whole.length <= 12 ? amount : null;
}
