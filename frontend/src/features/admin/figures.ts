import type { api } from "@/services/session";

export type Dashboard = Awaited<ReturnType<typeof api.getDashboard>>;
export type Period = Dashboard["period"];
export type Point = Dashboard["series"][number];

/** How a figure compares with the period before; null where there is nothing to compare with. */
export function changeOf(now: number | null, before: number | null): number | null {
  if (now === null || before === null || before === 0) return null;
  return (now - before) / before;
}

/** The currencies in which anything was sold. */
export function currenciesOf(dashboard: Dashboard): string[] {
  return dashboard.payments.gmv.map((row) => row.currency);
}

/** What was sold in a currency at each point of the series. */
export function salesOf(series: readonly Point[], currency: string): number[] {
  return series.map((point) => point.gmv.find((row) => row.currency === currency)?.amount ?? 0);
}

/** A line through figures in a box of `width` by `height`, for an SVG polyline; "" for too few. */
export function sparkLine(values: readonly (number | null)[], width: number, height: number) {
  const known = values.map((value) => value ?? 0);
  if (known.length < 2) return "";
  const top = Math.max(...known) || 1;
  return known
    .map((value, index) => {
      const x = (index / (known.length - 1)) * width;
      const y = height - 1 - (value / top) * (height - 2);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
