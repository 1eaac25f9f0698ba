import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconClockPlus, IconEye } from "@tabler/icons-react";
import { instant } from "@/lib/time";
import { Actions } from "./actions";
import classes from "./bidding.module.css";
import { AuctionClock } from "./clock";
import { ConnectionNote } from "./connection-note";
import { FeltToggle } from "./felt-toggle";
import { PriceBlock } from "./price-block";
import { StandingBanner } from "./standing-banner";
import type { Room } from "./use-room";

interface BidPanelProps {
  room: Room;
  /** Typed before he logged in. */
  initial?: number | undefined;
  /** Without what can be done: that is elsewhere on the page. */
  bare?: boolean;
}

/** Price, time, standing, what to do: one component in every state. */
export function BidPanel({ room, initial, bare = false }: BidPanelProps) {
  const { auction, view, me } = room;
  const isLive = view.status === "active";
  return (
    <section className={classes.panel} aria-labelledby="bid-panel-title">
      <h2 id="bid-panel-title" className={classes.hidden}>
        {isLive ? <Trans>Bidding</Trans> : <Trans>Outcome</Trans>}
      </h2>
      <ConnectionNote room={room} />
      <div className={classes.figures}>
        <PriceBlock room={room} />
        <AuctionClock room={room} />
      </div>
      <Extended room={room} />
      <StandingBanner room={room} />
      {!bare && <Actions room={room} initial={initial} />}
      <Followers room={room} />
      {isLive && me && me.id !== auction.seller.id && auction.closing === "timed" && (
        <FeltToggle auctionId={auction.id} />
      )}
    </section>
  );
}

/** A late bid has moved the end: said once, and gone after a while. */
function Extended({ room }: { room: Room }) {
  const { i18n } = useLingui();
  const { isExtended, view } = room;
  const end = view.end_time === null ? "" : instant(view.end_time, i18n.locale);
  return (
    <div role="status">
      {isExtended && view.status === "active" && (
        <div className={classes.extended}>
          <IconClockPlus size={20} aria-hidden />
          <span>
            <Trans>Extended because of a late bid. It now ends at {end}.</Trans>
          </span>
        </div>
      )}
    </div>
  );
}

function Followers({ room }: { room: Room }) {
  const { auction, view, watchers } = room;
  return (
    <p className={classes.followers}>
      <IconEye size={16} aria-hidden />
      <Plural
        value={auction.watchers}
        _0="Nobody watches this yet"
        one="# person watches this"
        other="# people watch this"
      />
      {view.status === "active" && watchers !== null && watchers > 1 && (
        <span>
          · <Plural value={watchers} one="# here now" other="# here now" />
        </span>
      )}
    </p>
  );
}
