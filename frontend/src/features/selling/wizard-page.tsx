import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Paper, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { PageTitle } from "@/components/ui/page-title";
import { formOf, type Listing, STEP_ORDER, STEPS, type Step } from "./draft";
import { SaveNote } from "./save-note";
import { StepItem } from "./step-item";
import { StepNav, useStepWords } from "./step-nav";
import { StepPictures } from "./step-pictures";
import { StepPrice } from "./step-price";
import { StepReview } from "./step-review";
import { StepTime } from "./step-time";
import { useAutosave } from "./use-autosave";
import { useDraftForm } from "./use-draft-form";
import classes from "./wizard.module.css";

interface Props {
  listing: Listing;
  step: Step;
  onStep: (step: Step) => void;
  /** How the listing will look among others. */
  preview: (listing: Listing) => ReactNode;
}

/** A draft in five steps; everything is kept as it is typed. */
export function WizardPage({ listing, step, onStep, preview }: Props) {
  const { t } = useLingui();
  const words = useStepWords();
  const form = useDraftForm(formOf(listing));
  const { state, flush } = useAutosave(form, listing);
  const heading = useRef<HTMLHeadingElement>(null);
  const go = async (to: Step) => {
    const isOn = STEP_ORDER.indexOf(to) > STEP_ORDER.indexOf(step);
    if (isOn && !(await form.trigger([...STEPS[step]], { shouldFocus: true }))) return;
    void flush();
    onStep(to);
  };
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    heading.current?.focus(); // where the new step begins, for keyboards and screen readers
  }, [step]);
  const values = form.watch();
  const seen = { ...listing, title: values.title.trim() || t`Your title` };
  return (
    <>
      <PageTitle tab={t`Sell`}>{seen.title}</PageTitle>
      <StepNav step={step} onStep={(to) => void go(to)} />
      <div className={classes.page}>
        <Paper withBorder p="md" component="section" aria-labelledby="sell-step">
          <Group justify="space-between" align="start" mb="md">
            <Title order={2} size="h3" id="sell-step" ref={heading} tabIndex={-1}>
              {words[step]}
            </Title>
            <SaveNote state={state} />
          </Group>
          {step === "item" && <StepItem form={form} />}
          {step === "pictures" && <StepPictures listing={listing} />}
          {step === "price" && <StepPrice form={form} />}
          {step === "time" && <StepTime form={form} />}
          {step === "review" && (
            <StepReview form={form} listing={listing} flush={flush} onStep={onStep} />
          )}
          <Around step={step} onStep={(to) => void go(to)} />
        </Paper>
        <aside className={classes.preview} aria-label={t`Preview`}>
          <Title order={2} size="h5" mb="xs">
            <Trans>How it will look</Trans>
          </Title>
          {preview(seen)}
        </aside>
      </div>
    </>
  );
}

function Around({ step, onStep }: { step: Step; onStep: (step: Step) => void }) {
  const place = STEP_ORDER.indexOf(step);
  const before = STEP_ORDER[place - 1];
  const after = STEP_ORDER[place + 1];
  return (
    <Group justify="space-between" mt="lg">
      {before ? (
        <Button variant="default" mih={44} onClick={() => onStep(before)}>
          <Trans>Back</Trans>
        </Button>
      ) : (
        <span />
      )}
      {after && (
        <Button mih={44} onClick={() => onStep(after)}>
          <Trans>Go on</Trans>
        </Button>
      )}
    </Group>
  );
}
