import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { STEP_ORDER, type Step } from "./draft";
import classes from "./wizard.module.css";

/** The steps' names. */
export function useStepWords(): Record<Step, string> {
  const { t } = useLingui();
  return {
    item: t`What it is`,
    pictures: t`Pictures`,
    price: t`Price`,
    time: t`Time`,
    review: t`Review`,
  };
}

/** Where one is among the steps, and the way to each of them. */
export function StepNav({ step, onStep }: { step: Step; onStep: (step: Step) => void }) {
  const { t } = useLingui();
  const words = useStepWords();
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const place = list.current?.children[STEP_ORDER.indexOf(step)];
    place?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [step]);
  return (
    <nav aria-label={t`Steps of the listing`}>
      <ol ref={list} className={classes.steps}>
        {STEP_ORDER.map((each, place) => (
          <li key={each}>
            <button
              type="button"
              className={classes.step}
              onClick={() => onStep(each)}
              {...(each === step ? { "aria-current": "step" as const } : {})}
            >
              <span className={classes.number}>{place + 1}</span> {words[each]}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
