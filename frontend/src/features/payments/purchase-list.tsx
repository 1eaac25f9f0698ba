import { Trans, useLingui } from "@lingui/react/macro";
import { Stack } from "@mantine/core";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { RowsSkeleton } from "@/components/ui/rows";
import { money } from "@/lib/money";
import { useMyBids } from "@/services/my-bids";
import { HoldActions } from "./hold-actions";
import { InvoiceButton } from "./invoice-button";
import { LookAround, OrderCard, StateBadge } from "./order-card";
import { OrderSteps } from "./order-steps";
import { isUnpaid, type Purchase, purchasesOf } from "./purchases";
import { useMyHolds, useMyPayments } from "./queries";
import { isOpen } from "./states";
import { useMoneyWords } from "./words";

/** What one has bought, and where the money for it is. */
export function PurchaseList({ username }: { username: string }) {
  const { t } = useLingui();
  const payments = useMyPayments();
  const bids = useMyBids();
  const holds = useMyHolds();
  const error = payments.error ?? bids.error ?? holds.error;
  if (error) return <PageError error={error} />;
  if (!payments.data || !bids.data || !holds.data) return <RowsSkeleton rows={3} height={220} />;
  const won = bids.data.filter((bid) => bid.status === "won");
  const bought = holds.data.filter((hold) => hold.buyer === username);
  const purchases = purchasesOf(payments.data, won, bought);
  if (purchases.length === 0) {
    return (
      <Empty title={t`You have not bought anything yet`}>
        <LookAround />
      </Empty>
    );
  }
  return (
    <Stack>
      {purchases.map((purchase) => (
        <PurchaseCard key={purchase.auctionId} purchase={purchase} />
      ))}
    </Stack>
  );
}

function PurchaseCard({ purchase }: { purchase: Purchase }) {
  const { i18n } = useLingui();
  const { auctionId, title, payment, hold } = purchase;
  const { payments, holds } = useMoneyWords();
  const isDue = isUnpaid(purchase);
  const word = hold ? holds[hold.state] : payment && payments[payment.status];
  return (
    <OrderCard
      auctionId={auctionId}
      title={title}
      party={hold && <Trans>Sold by {hold.seller}</Trans>}
      amount={payment && money(payment.amount, payment.currency, i18n.locale)}
      state={<StateBadge isUrgent={isDue}>{isDue ? <Trans>To be paid</Trans> : word}</StateBadge>}
      steps={
        <OrderSteps
          hold={hold}
          paidAt={payment?.paid_at}
          dueAt={payment && isOpen(payment.status) ? payment.expires_at : null}
        />
      }
      actions={
        isDue ? (
          <ButtonLink to="/checkout/$auctionId" params={{ auctionId: String(auctionId) }}>
            <Trans>Pay</Trans>
          </ButtonLink>
        ) : (
          <>
            {hold && <HoldActions hold={hold} side="buyer" />}
            {payment?.invoices.map((invoice) => (
              <InvoiceButton key={invoice.id} id={invoice.id} number={invoice.number} />
            ))}
          </>
        )
      }
    />
  );
}
