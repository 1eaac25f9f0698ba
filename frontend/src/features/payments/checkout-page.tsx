import { Trans, useLingui } from "@lingui/react/macro";
import { Paper, Stack, Text } from "@mantine/core";
import { ButtonLink } from "@/components/ui/links";
import { Notice } from "@/components/ui/notice";
import { Empty, PageError, PagePending } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { Picture } from "@/components/ui/picture";
import { instant } from "@/lib/time";
import { PaymentAmounts, WonAmounts } from "./amounts";
import classes from "./checkout-page.module.css";
import { ChooseMethod } from "./choose-method";
import { PaidNotice } from "./paid-notice";
import { PayByProvider } from "./pay-by-provider";
import type { Auction, Payment } from "./queries";
import { isOpen, isOver, isPaid } from "./states";
import { usePayment } from "./use-payment";

type Checkout = ReturnType<typeof usePayment>;

/** Pay for what was won: what it is, what it costs, how to pay, and that it is paid. */
export function CheckoutPage({ auctionId, username }: { auctionId: number; username: string }) {
  const { t } = useLingui();
  const checkout = usePayment(auctionId);
  const { auction, payments, payment } = checkout;
  const error = auction.error ?? payments.error;
  if (error) return <PageError error={error} />;
  if (!auction.data || !payments.data) return <PagePending />;
  return (
    <>
      <PageTitle tab={payment && isPaid(payment.status) ? t`Paid` : t`Checkout`} />
      <div className={classes.page}>
        <Summary
          auction={auction.data}
          payment={payment}
          isMine={auction.data.winner === username}
        />
        <NextStep checkout={checkout} auction={auction.data} username={username} />
      </div>
    </>
  );
}

function NextStep(props: { checkout: Checkout; auction: Auction; username: string }) {
  const { checkout, auction, username } = props;
  const { payment } = checkout;
  if (payment && isPaid(payment.status)) return <PaidNotice payment={payment} />;
  if (payment && isOpen(payment.status)) {
    return <PayByProvider payment={payment} confirm={checkout.confirm} />;
  }
  if (auction.seller.username === username) return <OwnSale />;
  if (auction.status !== "ended") return <NotYet auction={auction} />;
  return (
    <ChooseMethod
      begin={checkout.begin}
      isOffer={auction.winner !== username}
      isAgain={payment !== undefined && isOver(payment.status)}
    />
  );
}

function Summary(props: { auction: Auction; payment: Payment | undefined; isMine: boolean }) {
  const { auction, payment, isMine } = props;
  const { i18n } = useLingui();
  const isShown = payment !== undefined && !isOver(payment.status);
  const until = payment && isOpen(payment.status) ? instant(payment.expires_at, i18n.locale) : null;
  return (
    <Paper withBorder p="md" className={classes.summary}>
      <Stack gap="sm">
        <div className={classes.thing}>
          <div className={classes.picture}>
            <Picture thumbnails={auction.images[0]?.thumbnails} alt="" sizes="6rem" />
          </div>
          <div>
            <h2 className={classes.title}>{auction.title}</h2>
            <Text size="sm">
              <Trans>Sold by {auction.seller.username}</Trans>
            </Text>
          </div>
        </div>
        {isShown ? (
          <PaymentAmounts payment={payment} />
        ) : (
          isMine && <WonAmounts auction={auction} />
        )}
        {until && (
          <Text size="sm">
            <Trans>To be paid by {until}</Trans>
          </Text>
        )}
        <Text size="sm">
          <Trans>
            The house holds your money until you say that you have received it. If something is
            wrong, you can say so before it is paid out.
          </Trans>
        </Text>
      </Stack>
    </Paper>
  );
}

function OwnSale() {
  const { t } = useLingui();
  return (
    <Empty title={t`You sell this yourself`}>
      <ButtonLink to="/my/orders" search={{ tab: "sales" }}>
        <Trans>See your sales</Trans>
      </ButtonLink>
    </Empty>
  );
}

function NotYet({ auction }: { auction: Auction }) {
  const { t } = useLingui();
  if (auction.status === "active" || auction.status === "scheduled") {
    return (
      <Empty title={t`This auction is not over`}>
        <ButtonLink to="/auctions/$auctionId" params={{ auctionId: String(auction.id) }}>
          <Trans>Back to the auction</Trans>
        </ButtonLink>
      </Empty>
    );
  }
  return (
    <Notice title={t`There is nothing to pay`}>
      <Trans>This auction was called off; nobody owes anything for it.</Trans>
    </Notice>
  );
}
