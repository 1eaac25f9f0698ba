import { Trans, useLingui } from "@lingui/react/macro";
import { IconArrowDownRight, IconArrowUpRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./admin.module.css";
import { changeOf, sparkLine } from "./figures";

interface Props {
  name: string;
  /** As it is shown. */
  shown: string;
  now?: number | null;
  before?: number | null;
  series?: readonly (number | null)[];
  /** The page with the rows behind it. */
  to?: string;
}

const WIDTH = 120;
const HEIGHT = 32;

/** A figure, how it compares with the period before, and the way to the rows behind it. */
export function FigureCard(props: Props) {
  return (
    <Frame to={props.to}>
      <span>{props.name}</span>
      <span className={classes.number}>{props.shown}</span>
      {props.before !== undefined && <Change now={props.now ?? null} before={props.before} />}
      {props.series && (
        <svg
          className={classes.spark}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          aria-hidden
        >
          <polyline
            points={sparkLine(props.series, WIDTH, HEIGHT)}
            fill="none"
            stroke="currentColor"
            strokeWidth={2}
            vectorEffect="non-scaling-stroke"
          />
        </svg>
      )}
    </Frame>
  );
}

function Frame({ to, children }: { to: string | undefined; children: ReactNode }) {
  if (to === undefined) return <div className={classes.figure}>{children}</div>;
  return (
    <Link to={to} className={classes.figure}>
      {children}
    </Link>
  );
}

function Change({ now, before }: { now: number | null; before: number | null }) {
  const { t, i18n } = useLingui();
  const change = changeOf(now, before);
  if (change === null) {
    return (
      <span className={classes.change}>
        <Trans>Nothing to compare with</Trans>
      </span>
    );
  }
  const share = new Intl.NumberFormat(i18n.locale, {
    style: "percent",
    maximumFractionDigits: 0,
  }).format(Math.abs(change));
  if (Math.abs(change) < 0.005) {
    return (
      <span className={classes.change}>
        <Trans>As before</Trans>
      </span>
    );
  }
  const Arrow = change > 0 ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className={classes.change}>
      <Arrow size={16} aria-hidden />
      {change > 0 ? t`${share} more than before` : t`${share} less than before`}
    </span>
  );
}
