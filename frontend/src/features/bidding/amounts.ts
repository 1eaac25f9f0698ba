import { toMajor, toMinor } from "@/lib/money";

const CONFIRM_STEPS = 3;
const CONFIRM_TIMES_AVERAGE = 10;
const NICE = [1, 2, 5, 10];
const FIRST_STEP_PARTS = 20; // without a bid and a fixed step: a twentieth of the price

interface Ladder {
  currency: string;
  current_bid: number | null;
  min_next_bid: number;
  minimum_increment: number | null;
}

/** How far bids are apart here, in minor units. */
export function stepMinor(ladder: Ladder): number {
  const { currency, current_bid, min_next_bid, minimum_increment } = ladder;
  if (minimum_increment) return toMinor(minimum_increment, currency);
  const least = toMinor(min_next_bid, currency);
  const step =
    current_bid === null
      ? Math.floor(least / FIRST_STEP_PARTS)
      : least - toMinor(current_bid, currency);
  return Math.max(1, step);
}

/** The next valid bid and two round ones above it, in major units. */
export function sensibleAmounts(ladder: Ladder): number[] {
  const least = toMinor(ladder.min_next_bid, ladder.currency);
  const grain = niceBelow(stepMinor(ladder));
  const roundUp = (minor: number) => Math.ceil(minor / grain) * grain;
  const second = roundUp(least + grain);
  const third = roundUp(second + 2 * grain);
  return [least, second, third].map((minor) => toMajor(minor, ladder.currency));
}

/** Whether a bid is so far above what would do that it may be a typing error. */
export function isBig(amount: number, ladder: Ladder, ownAverage: number | null): boolean {
  const bid = toMinor(amount, ladder.currency);
  const normal = toMinor(ladder.min_next_bid, ladder.currency) + CONFIRM_STEPS * stepMinor(ladder);
  if (bid > normal) return true;
  // The step a house asks for is never a surprise, whatever one bid before.
  if (bid <= toMinor(ladder.min_next_bid, ladder.currency)) return false;
  return ownAverage !== null && amount > CONFIRM_TIMES_AVERAGE * ownAverage;
}

/** 1, 2 or 5 and zeros: the largest such number that is not above. */
function niceBelow(minor: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(minor));
  const digit = NICE.findLast((nice) => nice * magnitude <= minor) ?? 1;
  return digit * magnitude;
}
