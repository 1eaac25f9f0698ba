import { Trans } from "@lingui/react/macro";
import { IconCreditCard, IconGavel, IconSearch } from "@tabler/icons-react";
import classes from "./home-page.module.css";

/** Three steps for who has never bid. */
export function HowItWorks() {
  return (
    <section className={classes.section} id="how-it-works">
      <div className={classes.head}>
        <h2 className={classes.title}>
          <Trans>How it works</Trans>
        </h2>
      </div>
      <ol className={classes.steps}>
        <li className={classes.step}>
          <h3>
            <IconSearch aria-hidden size={22} /> <Trans>Find and watch</Trans>
          </h3>
          <p>
            <Trans>
              Every auction shows its price, its bids and the time left by the house's own clock.
              Watch what you like and you are told before it ends.
            </Trans>
          </p>
        </li>
        <li className={classes.step}>
          <h3>
            <IconGavel aria-hidden size={22} /> <Trans>Bid, or let us bid for you</Trans>
          </h3>
          <p>
            <Trans>
              Name the most you would pay and the house bids for you, no more than it takes. A bid
              in the last minutes moves the end, so nobody wins by being late.
            </Trans>
          </p>
        </li>
        <li className={classes.step}>
          <h3>
            <IconCreditCard aria-hidden size={22} /> <Trans>Pay safely</Trans>
          </h3>
          <p>
            <Trans>
              The house keeps your payment until you have what you bought. Only then is the seller
              paid.
            </Trans>
          </p>
        </li>
      </ol>
    </section>
  );
}
