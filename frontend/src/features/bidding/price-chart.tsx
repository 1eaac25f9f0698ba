import { Trans, useLingui } from "@lingui/react/macro";
import { money } from "@/lib/money";
import { clock } from "@/services/clock";
import { stepPath } from "./chart-steps";
import classes from "./history.module.css";
import type { ShownBid } from "./live-view";

const BOX = { width: 600, height: 120 };

interface PriceChartProps {
  bids: readonly ShownBid[];
  currency: string;
  /** When it ended; null while it runs. */
  endedAt: string | null;
}

/** How the price rose. The list beside it says the same in words. */
export function PriceChart({ bids, currency, endedAt }: PriceChartProps) {
  const { t, i18n } = useLingui();
  const steps = bids
    .flatMap(({ timestamp, amount, pending }) =>
      timestamp && !pending ? [{ atMs: Date.parse(timestamp), amount }] : [],
    )
    .reverse();
  const until = endedAt === null ? clock.now() : Date.parse(endedAt);
  const path = stepPath(steps, until, BOX);
  if (path === null) return null;
  const say = (amount: number) => money(amount, currency, i18n.locale);
  const [low, high] = [say(path.low), say(path.high)];
  return (
    <figure className={classes.chart} dir="ltr">
      <svg
        viewBox={`-4 -6 ${BOX.width + 8} ${BOX.height + 12}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t`The price rose from ${low} to ${high}.`}
      >
        <path d={`${path.line}V${BOX.height + 6}H0Z`} className={classes.area} />
        <path d={path.line} className={classes.curve} />
      </svg>
      <figcaption className={classes.caption}>
        <Trans>
          From {low} to {high}
        </Trans>
      </figcaption>
    </figure>
  );
}
