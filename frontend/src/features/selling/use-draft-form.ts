import { zodResolver } from "@hookform/resolvers/zod";
import { useMemo } from "react";
import { type UseFormReturn, useForm } from "react-hook-form";
import { z } from "@/lib/rules";
import { clock } from "@/services/clock";
import { type DraftForm, problemsOf } from "./draft";
import { useProblemWords } from "./use-problem-words";

export type FormOfDraft = UseFormReturn<DraftForm>;

/** The form of a draft, which says what is wrong while one types. */
export function useDraftForm(defaults: DraftForm): FormOfDraft {
  const words = useProblemWords();
  const schema = useMemo(
    () =>
      z.custom<DraftForm>().superRefine((form, context) => {
        for (const [field, problem] of Object.entries(problemsOf(form, clock.now()))) {
          context.addIssue({ code: "custom", path: [field], message: words[problem] });
        }
      }),
    [words],
  );
  return useForm<DraftForm>({
    resolver: zodResolver(schema),
    defaultValues: defaults,
    mode: "onTouched",
  });
}
