import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconCheck, IconLock } from "@tabler/icons-react";
import { money } from "@/lib/money";
import classes from "./bidding.module.css";
import type { Room } from "./use-room";

const LONG = 10;

/** The price as the server has said it, how many bid, and whether the reserve is met. */
export function PriceBlock({ room }: { room: Room }) {
  const { i18n } = useLingui();
  const { label, amount } = usePrice(room);
  const { auction } = room;
  const price = amount === null ? null : money(amount, auction.currency, i18n.locale);
  return (
    <div>
      <div className={classes.label}>{label}</div>
      {price !== null && (
        // A new price is a new element, so that it shows its change once.
        <div
          className={`amount ${classes.price}`}
          key={price}
          data-long={isLong(price) || undefined}
        >
          {price}
        </div>
      )}
      <div className={classes.facts}>
        <span>
          <BidCount room={room} />
        </span>
        <span>
          <Reserve room={room} />
        </span>
      </div>
    </div>
  );
}

/** Which price there is to show, and what it is called. */
export function usePrice(room: Room): { label: string; amount: number | null } {
  const { t } = useLingui();
  const { view, auction } = room;
  const offers = auction.closing === "seller_choice";
  if (view.sold) return { label: t`Sold for`, amount: view.final_bid };
  if (view.current_bid === null) {
    return { label: offers ? t`Offers from` : t`Starting price`, amount: auction.starting_price };
  }
  if (view.status !== "active") return { label: t`Highest bid`, amount: view.current_bid };
  return { label: offers ? t`Highest offer` : t`Current bid`, amount: view.current_bid };
}

/** Whether an amount is too long for the largest letters. */
export function isLong(price: string): boolean {
  return price.length > LONG;
}

function BidCount({ room }: { room: Room }) {
  const count = room.view.total_bids;
  if (room.auction.closing === "seller_choice") {
    return <Plural value={count} _0="No offers yet" one="# offer" other="# offers" />;
  }
  return <Plural value={count} _0="No bids yet" one="# bid" other="# bids" />;
}

function Reserve({ room }: { room: Room }) {
  const met = room.view.reserve_met;
  if (room.auction.closing === "seller_choice" || room.view.status === "scheduled") return null;
  if (met === null) return <Trans>No reserve</Trans>;
  return met ? (
    <span className={classes.fact}>
      <IconCheck size={16} aria-hidden /> <Trans>Reserve met</Trans>
    </span>
  ) : (
    <span className={classes.fact}>
      <IconLock size={16} aria-hidden /> <Trans>Reserve not met</Trans>
    </span>
  );
}
