import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { ButtonLink } from "@/components/ui/links";
import { money } from "@/lib/money";
import { AllIn } from "./all-in";
import { AmountField } from "./amount-field";
import { isBig, sensibleAmounts } from "./amounts";
import classes from "./bidding.module.css";
import { knowsBidsBind, learnsBidsBind } from "./first-bid";
import { useAmount } from "./use-amount";
import { useOwnAverage } from "./use-own-average";
import { usePlaceBid } from "./use-place-bid";
import type { Room } from "./use-room";

const ConfirmBid = lazy(() => import("./confirm-bid"));

interface BidFormProps {
  room: Room;
  /** Typed before he logged in. */
  initial?: number | undefined;
  /** The bid counts. */
  onPlaced?: (() => void) | undefined;
}

/** Three sensible amounts and one's own, what it costs in all, and the button. */
export function BidForm({ room, initial, onPlaced }: BidFormProps) {
  const { t, i18n } = useLingui();
  const { auction, view, bid, me } = room;
  const { currency } = auction;
  const least = Math.max(
    view.min_next_bid ?? auction.starting_price,
    (bid.step === "refused" && bid.kind === "bid" && bid.minNextBid) || 0,
  );
  const field = useAmount(least, currency, initial);
  const { place, retry, reset, isSending } = usePlaceBid(auction.id);
  const ownAverage = useOwnAverage(me !== null && me !== undefined);
  const [asking, setAsking] = useState<number | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const ladder = { ...auction, current_bid: view.current_bid, min_next_bid: least };
  const say = (amount: number) => money(amount, currency, i18n.locale);
  const amount = field.amount !== null && field.problem === null ? field.amount : null;

  const send = async (value: number) => {
    setAsking(null);
    setNote(null);
    const { step } = await place(value);
    if (step === "accepted") {
      learnsBidsBind();
      field.reset();
      onPlaced?.();
    } else if (step === "refused") field.reset();
  };
  const submit = () => {
    if (amount === null || isSending) return;
    if (field.justMoved()) setNote(t`The price has just moved. Look at the amount and bid again.`);
    else if (isBig(amount, ladder, ownAverage)) setAsking(amount);
    else void send(amount);
  };
  const price = say(amount ?? least);
  if (bid.step === "unknown") {
    return (
      <Button size="lg" fullWidth onClick={() => void retry()}>
        <Trans>Ask again</Trans>
      </Button>
    );
  }
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={classes.amounts} role="group" aria-label={t`Amounts to choose from`}>
        {sensibleAmounts(ladder).map((value) => (
          <button
            key={value}
            type="button"
            className={`amount ${classes.amount}`}
            aria-pressed={field.amount === value}
            disabled={isSending}
            onClick={() => {
              field.pick(value);
              reset();
            }}
          >
            {say(value)}
          </button>
        ))}
      </div>
      <AmountField
        label={t`Your bid`}
        currency={currency}
        field={field}
        onType={reset}
        disabled={isSending}
      />
      <AllIn amount={amount ?? least} currency={currency} terms={auction} />
      {me === null ? (
        <ButtonLink
          to="/login"
          search={{ next: `/auctions/${auction.id}?amount=${amount ?? least}` }}
          size="lg"
          fullWidth
        >
          <Trans>Log in to bid {price}</Trans>
        </ButtonLink>
      ) : (
        <Button type="submit" size="lg" fullWidth loading={isSending} disabled={amount === null}>
          <Trans>Bid {price}</Trans>
        </Button>
      )}
      <p className={classes.note} role="status">
        {note}
      </p>
      {me && !knowsBidsBind() && (
        <p className={classes.faint}>
          <Trans>A bid is binding: it cannot be taken back.</Trans>
        </p>
      )}
      <Suspense>
        {asking !== null && (
          <ConfirmBid
            room={room}
            amount={asking}
            onConfirm={() => void send(asking)}
            onClose={() => setAsking(null)}
          />
        )}
      </Suspense>
    </form>
  );
}
