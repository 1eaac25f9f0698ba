import { Trans, useLingui } from "@lingui/react/macro";
import { Stack } from "@mantine/core";
import type { components } from "@/api/schema.gen";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { RowsSkeleton } from "@/components/ui/rows";
import { money } from "@/lib/money";
import { HoldActions } from "./hold-actions";
import { OrderCard, StateBadge } from "./order-card";
import { OrderSteps } from "./order-steps";
import { type Hold, useMyHolds, useMySales } from "./queries";
import { useMoneyWords } from "./words";

type Sold = components["schemas"]["Auction"];

/** What one has sold, and where the money for it is. */
export function SaleList({ username }: { username: string }) {
  const { t } = useLingui();
  const sales = useMySales();
  const holds = useMyHolds();
  const error = sales.error ?? holds.error;
  if (error) return <PageError error={error} />;
  if (!sales.data || !holds.data) return <RowsSkeleton rows={3} height={220} />;
  const sold = holds.data.filter((hold) => hold.seller === username);
  const isHeld = new Set(sold.map((hold) => hold.auction_id));
  const unpaid = sales.data.filter((auction) => !isHeld.has(auction.id));
  if (sold.length + unpaid.length === 0) {
    return (
      <Empty title={t`You have not sold anything yet`}>
        <ButtonLink to="/sell">
          <Trans>Sell something</Trans>
        </ButtonLink>
      </Empty>
    );
  }
  return (
    <Stack>
      {unpaid.map((auction) => (
        <UnpaidSale key={auction.id} auction={auction} />
      ))}
      {sold.map((hold) => (
        <PaidSale key={hold.id} hold={hold} />
      ))}
    </Stack>
  );
}

function UnpaidSale({ auction }: { auction: Sold }) {
  const { i18n } = useLingui();
  const price = auction.final_bid ?? auction.current_bid;
  return (
    <OrderCard
      auctionId={auction.id}
      title={auction.title}
      party={auction.winner && <Trans>Bought by {auction.winner}</Trans>}
      amount={price !== null && money(price, auction.currency, i18n.locale)}
      state={
        <StateBadge>
          <Trans>Waiting for the buyer to pay</Trans>
        </StateBadge>
      }
      steps={<OrderSteps hold={null} />}
    />
  );
}

function PaidSale({ hold }: { hold: Hold }) {
  const { i18n } = useLingui();
  const { holds } = useMoneyWords();
  return (
    <OrderCard
      auctionId={hold.auction_id}
      title={undefined}
      party={<Trans>Bought by {hold.buyer}</Trans>}
      amount={money(hold.amount, hold.currency, i18n.locale)}
      state={<StateBadge isUrgent={hold.state === "disputed"}>{holds[hold.state]}</StateBadge>}
      steps={<OrderSteps hold={hold} paidAt={hold.held_at} />}
      actions={<HoldActions hold={hold} side="seller" />}
    />
  );
}
