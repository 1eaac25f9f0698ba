import { useLingui } from "@lingui/react/macro";
import { VisuallyHidden } from "@mantine/core";
import { IconCheck, IconExclamationMark, IconPoint } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./steps.module.css";

export type StepState = "done" | "now" | "trouble" | "later";

export interface ShownStep {
  key: string;
  state: StepState;
  title: ReactNode;
  /** When it happened, or what it waits for. */
  note?: ReactNode;
}

/** What has happened, what happens now and what is still to come, in order. */
export function Steps({ label, steps }: { label: string; steps: readonly ShownStep[] }) {
  const { t } = useLingui();
  const words: Record<StepState, string> = {
    done: t`Done`,
    now: t`Now`,
    trouble: t`Needs attention`,
    later: t`Still to come`,
  };
  return (
    <ol className={classes.steps} aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.key}
          className={classes.step}
          data-state={step.state}
          {...(step.state === "now" ? { "aria-current": "step" as const } : {})}
        >
          <span className={classes.mark} aria-hidden>
            <StepMark state={step.state} />
          </span>
          <div>
            <p className={classes.title}>
              {step.title}
              <VisuallyHidden> ({words[step.state]})</VisuallyHidden>
            </p>
            {step.note && <p className={classes.note}>{step.note}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function StepMark({ state }: { state: StepState }) {
  if (state === "done") return <IconCheck size={14} stroke={3} />;
  if (state === "trouble") return <IconExclamationMark size={14} stroke={3} />;
  return state === "now" ? <IconPoint size={18} fill="currentColor" /> : null;
}
