import { Trans, useLingui } from "@lingui/react/macro";
import { IconArrowDown, IconCircleCheck, IconTrophy, IconX } from "@tabler/icons-react";
import { money } from "@/lib/money";
import type { OwnBid } from "@/services/my-bids";
import classes from "./mine.module.css";
import type { Standings } from "./standings";

/** Where one stands, and with what bid: an icon, a word, a colour. */
export function StandingBadge({ bid, place }: { bid: OwnBid; place: keyof Standings }) {
  const { i18n } = useLingui();
  const amount = money(bid.amount, bid.auction.currency, i18n.locale);
  if (place === "winning") {
    return (
      <span className={classes.badge} data-kind="good">
        <IconCircleCheck size={18} aria-hidden />
        {bid.auction.reserve_met === false ? (
          <Trans>You lead at {amount}; reserve not met</Trans>
        ) : (
          <Trans>You lead at {amount}</Trans>
        )}
      </span>
    );
  }
  if (place === "won") {
    return (
      <span className={classes.badge} data-kind="good">
        <IconTrophy size={18} aria-hidden />
        <Trans>You won at {amount}</Trans>
      </span>
    );
  }
  const Icon = place === "losing" ? IconArrowDown : IconX;
  return (
    <span className={classes.badge} data-kind={place === "losing" ? "bad" : "plain"}>
      <Icon size={18} aria-hidden />
      {bid.status === "void" ? (
        <Trans>Your bid of {amount} was taken back</Trans>
      ) : (
        <Trans>You bid {amount}</Trans>
      )}
    </span>
  );
}
