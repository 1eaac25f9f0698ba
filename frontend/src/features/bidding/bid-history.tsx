import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { memo, useState } from "react";
import { money } from "@/lib/money";
import { instant } from "@/lib/time";
import classes from "./history.module.css";
import type { ShownBid } from "./live-view";
import { PriceChart } from "./price-chart";
import { BIDS_MAX } from "./room-reducer";
import { useBidRows } from "./use-bid-rows";
import type { Room } from "./use-room";

const FEW = 8;

/** Every visible bid, the newest first, and how the price rose. */
export function BidHistory({ room }: { room: Room }) {
  const { t } = useLingui();
  const [all, setAll] = useState(false);
  const { rows, isLoading } = useBidRows(room, all);
  const { auction, view } = room;
  const offers = auction.closing === "seller_choice";
  const shown = all ? rows : rows.slice(0, FEW);
  const total = view.total_bids;
  const leading = leadingSeq(room);
  return (
    <section aria-labelledby="history">
      <h2 id="history" className={classes.title}>
        {offers ? <Trans>Offers</Trans> : <Trans>Bids</Trans>}
      </h2>
      {rows.length === 0 && (
        <p className={classes.plain}>
          {total > 0 ? (
            <Trans>Loading the bids…</Trans>
          ) : offers ? (
            <Trans>Nobody has made an offer yet.</Trans>
          ) : (
            <Trans>Nobody has bid yet. The first bid opens the auction.</Trans>
          )}
        </p>
      )}
      {!offers && (
        <PriceChart
          bids={rows}
          currency={auction.currency}
          endedAt={view.status === "active" ? null : view.end_time}
        />
      )}
      {rows.length > 0 && (
        <table className={classes.table}>
          <caption className={classes.hidden}>
            {offers ? t`Offers, the newest first` : t`Bids, the newest first`}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t`Bidder`}</th>
              <th scope="col" className={classes.end}>
                {t`Amount`}
              </th>
              <th scope="col" className={classes.end}>
                {offers ? t`Valid until` : t`Time`}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((bid) => (
              <Row key={`${bid.seq}-${bid.pending ?? false}`} {...rowOf(bid, room, leading)} />
            ))}
          </tbody>
        </table>
      )}
      {!all && (rows.length > FEW || total > BIDS_MAX) && (
        <Button variant="default" mt="sm" onClick={() => setAll(true)}>
          <Plural value={total} one="Show # bid" other="Show all # bids" />
        </Button>
      )}
      {isLoading && (
        <p role="status" className={classes.plain}>
          <Trans>Loading older bids…</Trans>
        </p>
      )}
    </section>
  );
}

interface RowProps {
  bid: ShownBid;
  currency: string;
  isMine: boolean;
  isHighest: boolean;
  /** When it was made, or until when it stands. */
  at: string | undefined;
}

// Most rows stay what they are when a bid comes.
const Row = memo(function Row({ bid, currency, isMine, isHighest, at }: RowProps) {
  const { i18n } = useLingui();
  return (
    <tr data-mine={isMine || undefined} data-pending={bid.pending}>
      <td>
        {isMine ? (
          <strong>
            <Trans>You</Trans>
          </strong>
        ) : (
          <bdi>{bid.bidder}</bdi>
        )}
        {bid.auto && (
          <span className={classes.tag}>
            <Trans>by maximum</Trans>
          </span>
        )}
        {isHighest && (
          <span className={classes.tag} data-good>
            <Trans>leads</Trans>
          </span>
        )}
      </td>
      <td className={`amount ${classes.end}`}>{money(bid.amount, currency, i18n.locale)}</td>
      <td className={classes.end}>
        {bid.pending ? (
          <Trans>on its way</Trans>
        ) : (
          at && <time dateTime={at}>{instant(at, i18n.locale)}</time>
        )}
      </td>
    </tr>
  );
});

/** What a row shows of a bid in this room. */
function rowOf(bid: ShownBid, { auction, me, view }: Room, leading: number | null): RowProps {
  const until = auction.bids.find(({ seq }) => seq === bid.seq)?.valid_until;
  return {
    bid,
    currency: auction.currency,
    isMine: me != null && bid.bidder === me.username,
    isHighest: !bid.pending && bid.seq === leading && view.status === "active",
    at: auction.closing === "seller_choice" ? until : bid.timestamp,
  };
}

/** The number of the bid that leads: the newest of who leads, at the price. */
function leadingSeq({ view, bids }: Room): number | null {
  const leader = bids?.find(
    ({ bidder, amount, pending }) =>
      !pending && bidder === view.highest_bidder && amount === view.current_bid,
  );
  return leader?.seq ?? null;
}
