import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { say } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { z } from "@/lib/rules";
import { api } from "@/services/session";

/** The house's figures and what they may be. */
const BOUNDS = {
  payment_due_hours: [1, 720],
  second_chance_hours: [1, 720],
  escrow_release_days: [1, 120],
  soft_close_window_seconds: [0, 3600],
  soft_close_extension_seconds: [0, 3600],
} as const;
type Name = keyof typeof BOUNDS;
const NAMES = Object.keys(BOUNDS) as Name[];

/** The figures of the house, for what is sold, held or listed from now on. */
export function FiguresPage() {
  const { t } = useLingui();
  const figures = useQuery({ queryKey: keys.admin("settings"), queryFn: () => api.getSettings() });
  return (
    <>
      <PageTitle tab={t`Settings of the house`} />
      {figures.isError && <PageError error={figures.error} reset={() => void figures.refetch()} />}
      {figures.isPending && <Skeleton height={420} maw={480} />}
      {figures.data && <FiguresForm figures={figures.data} />}
    </>
  );
}

function useWords(): Record<Name, [label: string, about: string]> {
  const { t } = useLingui();
  return {
    payment_due_hours: [t`Hours to pay`, t`How long a winner has, before the sale lapses.`],
    second_chance_hours: [
      t`Hours for a second chance`,
      t`How long an underbidder may take what was not paid.`,
    ],
    escrow_release_days: [
      t`Days until held money is released`,
      t`If the buyer says nothing, the seller gets it then.`,
    ],
    soft_close_window_seconds: [
      t`Late bids: seconds before the end`,
      t`A bid within them moves the end.`,
    ],
    soft_close_extension_seconds: [
      t`Late bids: seconds that are added`,
      t`The end moves to this long after the bid.`,
    ],
  };
}

function FiguresForm({ figures }: { figures: Partial<Record<Name, number | string>> }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const words = useWords();
  const [refusal, setRefusal] = useState<string | null>(null);
  const rule = (name: Name) => {
    const [least, most] = BOUNDS[name];
    const wrong = t`A whole number from ${least} to ${most}`;
    const inside = (text: string) => Number(text) >= least && Number(text) <= most;
    return z.string().trim().regex(/^\d+$/, wrong).refine(inside, wrong);
  };
  const rules = z.object(
    Object.fromEntries(NAMES.map((name) => [name, rule(name)])) as Record<
      Name,
      ReturnType<typeof rule>
    >,
  );
  const { register, handleSubmit, formState, setError } = useForm<Record<Name, string>>({
    resolver: zodResolver(rules),
    values: Object.fromEntries(NAMES.map((name) => [name, String(figures[name] ?? "")])) as Record<
      Name,
      string
    >,
  });
  const submit = handleSubmit(async (data) => {
    setRefusal(null);
    const numbers = Object.fromEntries(NAMES.map((name) => [name, Number(data[name])]));
    try {
      client.setQueryData(keys.admin("settings"), await api.changeSettings(numbers));
      say(t`The settings are saved; they hold from now on.`);
    } catch (error) {
      if (!refuseField(error, setError, NAMES)) setRefusal(sentence(error));
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={480}>
        <FormAlert>{refusal}</FormAlert>
        {NAMES.map((name) => (
          <TextInput
            key={name}
            label={words[name][0]}
            description={words[name][1]}
            inputMode="numeric"
            size="md"
            error={formState.errors[name]?.message}
            {...register(name)}
          />
        ))}
        <SubmitButton busy={formState.isSubmitting} style={{ alignSelf: "flex-start" }}>
          <Trans>Save</Trans>
        </SubmitButton>
      </Stack>
    </form>
  );
}
