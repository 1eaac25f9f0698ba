import { Trans } from "@lingui/react/macro";
import { ButtonLink } from "@/components/ui/links";
import { useMyPayments } from "./queries";
import { isPaid } from "./states";

/** What there is to do about a won auction: pay, or see where the order is. */
export function WonAction({ auctionId }: { auctionId: number }) {
  const { data: payments } = useMyPayments();
  const isDone = payments?.some((each) => each.auction_id === auctionId && isPaid(each.status));
  if (isDone || payments === undefined) {
    return (
      <ButtonLink to="/my/orders" variant="default" fullWidth>
        <Trans>See the order</Trans>
      </ButtonLink>
    );
  }
  return (
    <ButtonLink to="/checkout/$auctionId" params={{ auctionId: String(auctionId) }} fullWidth>
      <Trans>Pay</Trans>
    </ButtonLink>
  );
}
