import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { memo, type ReactNode, useState } from "react";
import { money } from "@/lib/money";
import classes from "./auction-page.module.css";
import type { AuctionDetail } from "./auction-words";

const LONG = 1200;

/** What is sold: the seller's words, the lots, the condition. */
export const Details = memo(function Details({ auction }: { auction: AuctionDetail }) {
  const [all, setAll] = useState(false);
  const { description, lots } = auction;
  const isLong = description.length > LONG;
  const text = isLong && !all ? `${description.slice(0, LONG).trimEnd()}…` : description;
  return (
    <>
      <section>
        <h2 className={classes.title}>
          <Trans>Description</Trans>
        </h2>
        <div className={classes.text} dir={text ? "auto" : undefined}>
          {text || <Trans>The seller has not described it further.</Trans>}
        </div>
        {isLong && (
          <Button variant="default" mt="sm" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? <Trans>Show less</Trans> : <Trans>Show all of it</Trans>}
          </Button>
        )}
      </section>
      {lots.length > 0 && <Lots auction={auction} />}
      <Conditions auction={auction} />
    </>
  );
});

function Lots({ auction }: { auction: AuctionDetail }) {
  const { t, i18n } = useLingui();
  const say = (amount: number) => money(amount, auction.currency, i18n.locale);
  const estimate = (low: number | null, high: number | null) => {
    if (low === null && high === null) return null;
    if (low === null || high === null) return t`Estimate ${say((low ?? high) as number)}`;
    return t`Estimate ${say(low)} to ${say(high)}`;
  };
  return (
    <section>
      <h2 className={classes.title}>
        <Trans>In this lot</Trans>
      </h2>
      <ol className={classes.lots}>
        {auction.lots.map((lot) => (
          <li key={lot.id} value={lot.lot_number}>
            <strong>{lot.title}</strong>
            {lot.quantity > 1 && <span> × {lot.quantity}</span>}
            {lot.description && (
              <div className={classes.text} dir="auto">
                {lot.description}
              </div>
            )}
            <div className={classes.faint}>
              {lot.condition === "new" ? t`New` : t`Used`}
              {estimate(lot.estimate_low, lot.estimate_high) &&
                ` · ${estimate(lot.estimate_low, lot.estimate_high)}`}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Condition, fees, steps and the rule for late bids, one sentence each. */
function Conditions({ auction }: { auction: AuctionDetail }) {
  const { t, i18n } = useLingui();
  const { buyers_premium: premium, tax, currency, soft_close, closing } = auction;
  const say = (amount: number) => money(amount, currency, i18n.locale);
  const rate = (percent: number) =>
    new Intl.NumberFormat(i18n.locale, { style: "percent", maximumFractionDigits: 2 }).format(
      percent / 100,
    );
  const rows: [name: string, value: ReactNode][] = [
    [t`Condition`, auction.condition === "new" ? t`New` : t`Used`],
    [t`Starting price`, say(auction.starting_price)],
  ];
  if (closing === "timed") {
    rows.push([
      t`Steps`,
      auction.minimum_increment
        ? t`Each bid is at least ${say(auction.minimum_increment)} above the last.`
        : t`The higher the price, the larger the step; the next valid bid is always shown.`,
    ]);
    if (soft_close && soft_close.extension_seconds > 0) {
      const [before, after] = [soft_close.window_seconds, soft_close.extension_seconds].map(
        (seconds) => duration(seconds, i18n.locale),
      );
      rows.push([
        t`Late bids`,
        t`A bid in the last ${before} moves the end to ${after} after it, so nobody wins by being late.`,
      ]);
    }
  } else {
    rows.push([
      t`How it is sold`,
      t`The seller takes one of the offers while it is valid. There is no winner by the clock.`,
    ]);
  }
  rows.push([
    t`Buyer's premium`,
    premium.length === 0 ? (
      t`None`
    ) : (
      <ul className={classes.tiers}>
        {premium.map((tier, place) => {
          const next = premium[place + 1];
          return (
            <li key={tier.from}>
              {next
                ? t`${rate(tier.rate_percent)} of the part up to ${say(next.from)}`
                : premium.length === 1
                  ? t`${rate(tier.rate_percent)} of the price`
                  : t`${rate(tier.rate_percent)} of the part above ${say(tier.from)}`}
            </li>
          );
        })}
      </ul>
    ),
  ]);
  rows.push([
    t`Tax`,
    tax ? t`${tax.name} of ${rate(tax.rate_percent)} on price and premium` : t`None`,
  ]);
  rows.push([t`Payment`, t`The house keeps your payment until you have received what you bought.`]);
  return (
    <section>
      <h2 className={classes.title}>
        <Trans>Condition, fees and rules</Trans>
      </h2>
      <dl className={classes.rows}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function duration(seconds: number, locale: string): string {
  const [value, unit] = seconds % 60 === 0 ? [seconds / 60, "minute"] : [seconds, "second"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
