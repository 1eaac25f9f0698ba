import { Trans, useLingui } from "@lingui/react/macro";
import { chargesOf, type FeeTerms } from "@/lib/fees";
import { money } from "@/lib/money";
import classes from "./bidding.module.css";

interface AllInProps {
  amount: number;
  currency: string;
  terms: FeeTerms;
  /** It is the most it could come to. */
  most?: boolean;
}

/** What one would pay in all, and of what it is made, before one bids. */
export function AllIn({ amount, currency, terms, most = false }: AllInProps) {
  const { i18n } = useLingui();
  const charges = chargesOf(amount, currency, terms);
  const say = (value: number) => money(value, currency, i18n.locale);
  const total = say(charges.total);
  const [premium, tax] = [say(charges.premium), say(charges.tax)];
  const taxName = terms.tax?.name;
  return (
    <div className={classes.allIn}>
      <div>
        {most ? (
          <Trans>
            You would pay <strong className="amount">{total}</strong> in all at most
          </Trans>
        ) : (
          <Trans>
            You would pay <strong className="amount">{total}</strong> in all
          </Trans>
        )}
      </div>
      <div className={classes.faint}>
        {charges.premium === 0 && charges.tax === 0 && (
          <Trans>No premium and no tax on top of the bid.</Trans>
        )}
        {charges.premium > 0 && charges.tax === 0 && (
          <Trans>Buyer's premium of {premium} included.</Trans>
        )}
        {charges.premium === 0 && charges.tax > 0 && (
          <Trans>
            {taxName} of {tax} included.
          </Trans>
        )}
        {charges.premium > 0 && charges.tax > 0 && (
          <Trans>
            Buyer's premium of {premium} and {taxName} of {tax} included.
          </Trans>
        )}
      </div>
    </div>
  );
}
