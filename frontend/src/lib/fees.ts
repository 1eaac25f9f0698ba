import { toMajor, toMinor } from "./money";

const BPS = 10_000n;

/** What comes on top of a price, as an auction says it. */
export interface FeeTerms {
  buyers_premium: readonly { from: number; rate_percent: number }[];
  tax: { name: string; rate_percent: number } | null;
}

/** The parts of what a buyer pays, in major units. */
export interface Charges {
  price: number;
  premium: number;
  tax: number;
  total: number;
}

/**
 * What a price costs its buyer in all, to the last minor unit as the house reckons it: each tier's
 * rate on the part of the price within it, tax on both, every sum rounded half up once.
 */
export function chargesOf(price: number, currency: string, terms: FeeTerms): Charges {
  // Wider than a double holds exactly: minor units times hundredths of a percent.
  const hammer = BigInt(toMinor(price, currency));
  let weighted = 0n;
  terms.buyers_premium.forEach((tier, place) => {
    const from = BigInt(toMinor(tier.from, currency));
    const next = terms.buyers_premium[place + 1];
    const end = next === undefined ? hammer : BigInt(toMinor(next.from, currency));
    const top = end < hammer ? end : hammer;
    if (top > from) weighted += (top - from) * bps(tier.rate_percent);
  });
  const premium = halfUp(weighted);
  const tax = terms.tax ? halfUp((hammer + premium) * bps(terms.tax.rate_percent)) : 0n;
  const major = (minor: bigint) => toMajor(Number(minor), currency);
  return {
    price,
    premium: major(premium),
    tax: major(tax),
    total: major(hammer + premium + tax),
  };
}

function bps(percent: number): bigint {
  return BigInt(Math.round(percent * 100));
}

function halfUp(weighted: bigint): bigint {
  return (2n * weighted + BPS) / (2n * BPS);
}
