import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { kept } from "@/lib/kept";
import { decimals, money, parseAmount } from "@/lib/money";

const SETTLE_MS = 600;

const plainFormat = kept(
  (locale: string, currency: string) =>
    new Intl.NumberFormat(locale, {
      useGrouping: false,
      maximumFractionDigits: decimals(currency),
    }),
);

/**
 * An amount that somebody types. Until he does it is the least that would do, and moves with it;
 * once he has typed, it is his. `justMoved` guards against pressing a button whose amount changes
 * that very moment.
 */
export function useAmount(least: number, currency: string, initial?: number) {
  const { t, i18n } = useLingui();
  const plain = (amount: number) => plainFormat(i18n.locale, currency).format(amount);
  const start = initial !== undefined && initial >= least ? plain(initial) : null;
  const [typed, setTyped] = useState<string | null>(start);
  const movedAt = useRef(Number.NEGATIVE_INFINITY);
  const before = useRef(least);
  useEffect(() => {
    if (before.current === least) return;
    before.current = least;
    movedAt.current = performance.now();
  }, [least]);

  const text = typed ?? plain(least);
  const amount = parseAmount(text, currency);
  const from = money(least, currency, i18n.locale);
  let problem: string | null = null;
  if (amount === null) problem = t`Type an amount, such as ${from}.`;
  else if (amount < least) problem = t`The next bid is from ${from}.`;
  return {
    text,
    amount,
    problem,
    type: setTyped,
    pick: (value: number) => setTyped(value === least ? null : plain(value)),
    reset: () => setTyped(null),
    justMoved: () => typed === null && performance.now() - movedAt.current < SETTLE_MS,
  };
}

/** The sign of a currency, to stand beside a field. */
export const signOf = kept((currency: string, locale: string): string => {
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency }).formatToParts(1);
  return parts.find(({ type }) => type === "currency")?.value ?? currency;
});
