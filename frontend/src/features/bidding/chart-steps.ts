/** A bid as a chart needs it. */
export interface Step {
  atMs: number;
  amount: number;
}

/** The corners of a price that stays until the next bid, in a box of `width` by `height`. */
export function stepPath(
  steps: readonly Step[],
  untilMs: number,
  box: { width: number; height: number },
): { line: string; low: number; high: number } | null {
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined || steps.length < 2) return null;
  const endMs = Math.max(untilMs, last.atMs + 1);
  const low = Math.min(...steps.map(({ amount }) => amount));
  const high = Math.max(...steps.map(({ amount }) => amount));
  const x = (ms: number) => ((ms - first.atMs) / (endMs - first.atMs)) * box.width;
  const y = (amount: number) =>
    high === low ? box.height / 2 : (1 - (amount - low) / (high - low)) * box.height;
  const round = (value: number) => Math.round(value * 10) / 10;
  const corners = steps.map(({ atMs, amount }, place) =>
    place === 0
      ? `M${round(x(atMs))},${round(y(amount))}`
      : `H${round(x(atMs))}V${round(y(amount))}`,
  );
  return { line: `${corners.join("")}H${round(x(endMs))}`, low, high };
}
