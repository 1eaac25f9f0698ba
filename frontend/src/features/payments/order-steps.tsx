import { Trans, useLingui } from "@lingui/react/macro";
import { type ShownStep, Steps } from "@/components/ui/steps";
import { money } from "@/lib/money";
import { instant } from "@/lib/time";
import type { Hold } from "./queries";
import { type OrderStep, stepsOf } from "./states";
import { useMoneyWords } from "./words";

interface Props {
  hold: Hold | null;
  /** When it was paid, and until when it is to be. */
  paidAt?: string | null | undefined;
  dueAt?: string | null | undefined;
}

/** Where an order's money is, has been and goes. */
export function OrderSteps({ hold, paidAt, dueAt }: Props) {
  const { t } = useLingui();
  const { steps } = useMoneyWords();
  const shown: ShownStep[] = stepsOf(hold?.state ?? null).map(([key, state]) => ({
    key,
    state,
    title: key === "paid" && state === "now" ? t`To be paid` : steps[key],
    note: <Note step={key} hold={hold} paidAt={paidAt} dueAt={state === "now" ? dueAt : null} />,
  }));
  return <Steps label={t`Where the money is`} steps={shown} />;
}

function Note(props: Props & { step: OrderStep }) {
  const { step, hold, paidAt, dueAt } = props;
  const { i18n } = useLingui();
  if (step === "paid") {
    if (paidAt) return instant(paidAt, i18n.locale);
    if (!dueAt) return null;
    const due = instant(dueAt, i18n.locale);
    return <Trans>By {due}</Trans>;
  }
  if (!hold) return null;
  if (step === "held" && hold.state === "held" && hold.release_at) {
    const at = instant(hold.release_at, i18n.locale);
    const back = money(hold.refunded, hold.currency, i18n.locale);
    return (
      <>
        {hold.refunded > 0 && (
          <>
            <Trans>{back} has been given back to the buyer.</Trans>
            <br />
          </>
        )}
        <Trans>Goes to the seller by itself on {at}</Trans>
      </>
    );
  }
  if (step === "disputed") return <Decision hold={hold} />;
  const amount =
    step === "released"
      ? hold.released
      : step === "refunded" || step === "split"
        ? hold.refunded
        : 0;
  return amount > 0 ? (
    <span className="amount">{money(amount, hold.currency, i18n.locale)}</span>
  ) : null;
}

function Decision({ hold }: { hold: Hold }) {
  const { reasons, outcomes } = useMoneyWords();
  const last = hold.disputes.at(-1);
  if (!last) return null;
  const reason = (reasons as Record<string, string>)[last.reason] ?? last.reason;
  return (
    <>
      {reason}
      {last.description && `: ${last.description}`}
      {last.outcome && (
        <>
          <br />
          {outcomes[last.outcome] ?? last.outcome}
        </>
      )}
    </>
  );
}
