import { Trans, useLingui } from "@lingui/react/macro";
import { instant } from "@/lib/time";
import classes from "./bidding.module.css";

interface OfferTimelineProps {
  nowMs: number;
  /** When the offer lapses. */
  until: string | null;
  /** When the listing ends. */
  endTime: string | null;
}

/** For how much of the listing's time an offer stands, drawn and said. */
export function OfferTimeline({ nowMs, until, endTime }: OfferTimelineProps) {
  const { i18n } = useLingui();
  if (until === null) return null;
  const untilMs = Date.parse(until);
  const endMs = Math.max(endTime === null ? untilMs : Date.parse(endTime), untilMs);
  const share = endMs > nowMs ? ((untilMs - nowMs) / (endMs - nowMs)) * 100 : 100;
  const date = instant(until, i18n.locale);
  return (
    <div>
      <div className={classes.line} aria-hidden>
        <div className={classes.lineFilled} style={{ inlineSize: `${Math.max(2, share)}%` }} />
      </div>
      <div className={classes.faint}>
        <Trans>Valid from now until {date}.</Trans>
      </div>
    </div>
  );
}
