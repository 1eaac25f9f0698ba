import { Trans, useLingui } from "@lingui/react/macro";
import { VisuallyHidden } from "@mantine/core";
import { IconAlarm, IconClock } from "@tabler/icons-react";
import { useTicking } from "@/components/ui/ticking";
import { secondsUntil, TimeLeft } from "@/components/ui/time-left";
import { instant } from "@/lib/time";
import classes from "./bidding.module.css";
import type { Room } from "./use-room";

const URGENT_SECONDS = 60;

/** The countdown to the opening or the end, by the house's clock. */
export function AuctionClock({ room }: { room: Room }) {
  const { t, i18n } = useLingui();
  const { view, auction, standing } = room;
  const until = view.status === "scheduled" ? auction.start_time : view.end_time;
  const isLive = view.status === "active" || view.status === "scheduled";
  const isUrgent = useTicking(
    () => isLive && until !== null && secondsUntil(until) < URGENT_SECONDS,
  );
  if (until === null) return isLive ? <Trans>Open until it is sold</Trans> : null;
  const date = instant(until, i18n.locale);
  if (view.status === "cancelled" || view.status === "removed") return null; // before that time
  if (!isLive) {
    return (
      <p className={classes.when}>
        <Trans>Ended {date}</Trans>
      </p>
    );
  }
  const isScheduled = view.status === "scheduled";
  const Icon = isUrgent ? IconAlarm : IconClock;
  return (
    <div className={classes.clock} data-stale={!standing.isSure || undefined}>
      <div className={classes.label}>
        {isScheduled ? <Trans>Opens in</Trans> : <Trans>Ends in</Trans>}
      </div>
      <div
        role="timer"
        aria-live="off"
        className={classes.time}
        data-urgent={isUrgent || undefined}
      >
        <Icon size={22} aria-hidden />
        <TimeLeft until={until} over={isScheduled ? t`Opening…` : t`Ending…`} />
      </div>
      <div className={classes.faint}>{date}</div>
      {!isScheduled && <ClockVoice until={until} />}
    </div>
  );
}

/** Says the time left at an hour, ten minutes, a minute and ten seconds, and at no other time. */
function ClockVoice({ until }: { until: string }) {
  const { t } = useLingui();
  const said = useTicking(() => {
    const left = secondsUntil(until);
    if (left <= 0) return "";
    if (left <= 10) return t`10 seconds left`;
    if (left <= 60) return t`1 minute left`;
    if (left <= 600) return t`10 minutes left`;
    return left <= 3600 ? t`1 hour left` : "";
  });
  return <VisuallyHidden role="status">{said}</VisuallyHidden>;
}
