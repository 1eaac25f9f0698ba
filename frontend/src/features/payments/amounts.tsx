import { Trans, useLingui } from "@lingui/react/macro";
import { money } from "@/lib/money";
import classes from "./amounts.module.css";
import type { Auction, Payment } from "./queries";
import { useMoneyWords } from "./words";

/** What is to be paid, part by part, as the sale says it. */
export function PaymentAmounts({ payment }: { payment: Payment }) {
  const { i18n } = useLingui();
  const { fees } = useMoneyWords();
  const { currency } = payment;
  const rows = payment.fees.map(({ kind, amount }) => [fees[kind], amount] as const);
  return (
    <Amounts
      rows={rows}
      total={money(payment.amount, currency, i18n.locale)}
      currency={currency}
      isPaid={payment.paid_at !== null}
    />
  );
}

/** What a won auction costs before a payment is begun: the server's price and its total. */
export function WonAmounts({ auction }: { auction: Auction }) {
  const { t, i18n } = useLingui();
  const { final_bid: price, all_in_price: total, currency } = auction;
  if (price === null || total === null) return null;
  const decimals = 10 ** 3; // of no currency are there more; the difference of floats is not exact
  const rest = Math.round((total - price) * decimals) / decimals;
  const rows: (readonly [string, number])[] = [[t`Price`, price]];
  if (rest > 0) rows.push([t`Buyer's premium and tax`, rest]);
  return <Amounts rows={rows} total={money(total, currency, i18n.locale)} currency={currency} />;
}

function Amounts(props: {
  rows: readonly (readonly [string, number])[];
  total: string;
  currency: string;
  isPaid?: boolean;
}) {
  const { i18n } = useLingui();
  return (
    <dl className={classes.list}>
      {props.rows.map(([word, amount]) => (
        <div key={word} className={classes.row}>
          <dt>{word}</dt>
          <dd className="amount">{money(amount, props.currency, i18n.locale)}</dd>
        </div>
      ))}
      <div className={classes.total}>
        <dt>{props.isPaid ? <Trans>Paid in all</Trans> : <Trans>To pay in all</Trans>}</dt>
        <dd className="amount">{props.total}</dd>
      </div>
    </dl>
  );
}
