import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { money } from "@/lib/money";
import { day, instant } from "@/lib/time";
import classes from "./offer-line.module.css";
import type { Offer, OfferBid, OfferState, TimeLine } from "./offers";

interface Props {
  line: TimeLine;
  currency: string;
  /** Null where nothing can be sold any more. */
  onSell: ((bid: OfferBid) => void) | null;
}

/** Offers below each other, each with the time for which it stands. */
export function OfferLine({ line, currency, onSell }: Props) {
  const { t, i18n } = useLingui();
  const dayOf = (ms: number) => day(new Date(ms).toISOString(), i18n.locale);
  return (
    <div className={classes.chart}>
      <div className={classes.head} aria-hidden>
        <div className={classes.axis} dir="ltr">
          <bdi>{dayOf(line.startMs)}</bdi>
          <bdi>{dayOf(line.endMs)}</bdi>
        </div>
      </div>
      <ul className={classes.rows} aria-label={t`Offers`}>
        {line.offers.map((offer) => (
          <OfferRow
            key={offer.bid.id}
            offer={offer}
            line={line}
            currency={currency}
            onSell={onSell}
          />
        ))}
      </ul>
      <p className={classes.legend} aria-hidden>
        <span className={classes.nowSign} /> <Trans>now</Trans>
        {line.end !== null && (
          <>
            <span className={classes.endSign} /> <Trans>end of the listing</Trans>
          </>
        )}
      </p>
    </div>
  );
}

function OfferRow({ offer, line, currency, onSell }: Props & { offer: Offer }) {
  const { t, i18n } = useLingui();
  const { bid, state, from, length } = offer;
  const amount = money(bid.amount, currency, i18n.locale);
  return (
    <li className={classes.row}>
      <div className={classes.who}>
        <strong className="amount">{amount}</strong>
        <span>{bid.bidder}</span>
      </div>
      <div className={classes.when}>
        <div className={classes.track} dir="ltr" aria-hidden>
          <span
            className={classes.bar}
            data-state={state}
            style={{ left: `${from}%`, width: `${length}%` }}
          />
          {line.end !== null && <span className={classes.end} style={{ left: `${line.end}%` }} />}
          {line.now !== null && <span className={classes.now} style={{ left: `${line.now}%` }} />}
        </div>
        <OfferWords bid={bid} state={state} />
      </div>
      {onSell && state === "open" && (
        <Button
          mih={44}
          onClick={() => onSell(bid)}
          aria-label={t`Sell to ${bid.bidder} for ${amount}`}
        >
          <Trans>Sell</Trans>
        </Button>
      )}
    </li>
  );
}

function OfferWords({ bid, state }: { bid: OfferBid; state: OfferState }) {
  const { i18n } = useLingui();
  const from = instant(bid.valid_from ?? bid.timestamp, i18n.locale);
  const until = instant(bid.valid_until ?? bid.timestamp, i18n.locale);
  const words: Record<OfferState, ReactNode> = {
    open: <Trans>Stands until {until}</Trans>,
    ahead: (
      <Trans>
        Stands from {from} until {until}
      </Trans>
    ),
    over: <Trans>Lapsed on {until}</Trans>,
    taken: <Trans>You sold to this offer</Trans>,
    passed: <Trans>Not taken</Trans>,
    void: <Trans>Taken back</Trans>,
  };
  return <span className={classes.words}>{words[state]}</span>;
}
