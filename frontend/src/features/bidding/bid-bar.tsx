import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { Sheet } from "@/components/ui/sheet";
import { TimeLeft } from "@/components/ui/time-left";
import { money } from "@/lib/money";
import { Actions } from "./actions";
import classes from "./bidding.module.css";
import { ConnectionNote } from "./connection-note";
import { isLong, usePrice } from "./price-block";
import type { Action } from "./standing";
import { StandingBanner } from "./standing-banner";
import type { Room } from "./use-room";

const IN_SHEET: readonly Action[] = ["bid", "raise", "log_in", "ask_again", "wait"];

interface BidBarProps {
  room: Room;
  initial?: number | undefined;
}

/** The phone's bar at the bottom: price, time, the one action; bidding opens in a sheet. */
export function BidBar({ room, initial }: BidBarProps) {
  const { t, i18n } = useLingui();
  const [opened, setOpened] = useState(initial !== undefined && room.me != null);
  const { auction, view, standing } = room;
  const { label, amount } = usePrice(room);
  const isLive = view.status === "active" || view.status === "scheduled";
  const takesBids = view.status === "active" && auction.closing === "timed";
  const isSheet = takesBids && IN_SHEET.includes(standing.action);
  const price = amount === null ? "" : money(amount, auction.currency, i18n.locale);
  return (
    <div className={classes.bar} role="region" aria-label={t`Bid`}>
      <div className={classes.barFacts} data-stale={(isLive && !standing.isSure) || undefined}>
        <div className={classes.faint}>{label}</div>
        <div className={`amount ${classes.barPrice}`} data-long={isLong(price) || undefined}>
          {price}
        </div>
        {view.status === "active" && view.end_time && (
          <div className={classes.faint}>
            <TimeLeft until={view.end_time} over={t`Ending…`} />
          </div>
        )}
      </div>
      <div className={classes.barAction}>
        {isSheet ? (
          <Button size="lg" fullWidth aria-haspopup="dialog" onClick={() => setOpened(true)}>
            <BarWord room={room} />
          </Button>
        ) : (
          <Actions room={room} initial={initial} one />
        )}
      </div>
      <Sheet opened={opened && isSheet} onClose={() => setOpened(false)} title={auction.title}>
        <div className={classes.sheetBody}>
          <div className={classes.figures}>
            <div>
              <div className={classes.label}>{label}</div>
              <div className={`amount ${classes.price}`} data-long={isLong(price) || undefined}>
                {price}
              </div>
            </div>
            {view.end_time && (
              <div className={classes.time}>
                <TimeLeft until={view.end_time} over={t`Ending…`} />
              </div>
            )}
          </div>
          <ConnectionNote room={room} />
          <StandingBanner room={room} />
          <Actions room={room} initial={initial} onDone={() => setOpened(false)} />
        </div>
      </Sheet>
    </div>
  );
}

function BarWord({ room }: { room: Room }) {
  const { i18n } = useLingui();
  const { standing, view, auction } = room;
  const least = view.min_next_bid;
  const price = least === null ? "" : money(least, auction.currency, i18n.locale);
  switch (standing.kind) {
    case "leading":
    case "below_reserve":
      return <Trans>Raise maximum</Trans>;
    case "sending":
      return <Trans>Sending…</Trans>;
    case "unknown":
      return <Trans>Ask again</Trans>;
    case "ending":
      return <Trans>Ending…</Trans>;
    default:
      return isLong(price) ? <Trans>Bid</Trans> : <Trans>Bid {price}</Trans>;
  }
}
