import { useLingui } from "@lingui/react/macro";
import { NativeSelect, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Controller } from "react-hook-form";
import { everyRow } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { DESCRIPTION_MAX, TITLE_MAX } from "./draft";
import type { FormOfDraft } from "./use-draft-form";

const TALL = { body: { minHeight: 44, alignItems: "center" } };
const INDENT = "\u00a0\u00a0\u00a0";

interface Props {
  form: FormOfDraft;
  /** Somebody has bid: its category and condition are fixed. */
  isTextOnly?: boolean;
}

/** What it is. */
export function StepItem({ form, isTextOnly = false }: Props) {
  const { t } = useLingui();
  const { register, control, formState } = form;
  const { errors } = formState;
  const { data: categories } = useQuery({
    queryKey: [...keys.categories, "all"],
    queryFn: () => everyRow((page) => api.listCategories({ page, page_size: 100 })),
    staleTime: 10 * 60_000,
  });
  const options = (categories ?? []).map(({ id, name, depth }) => ({
    value: String(id),
    label: INDENT.repeat(depth) + name,
  }));
  return (
    <Stack>
      <TextInput
        label={t`Title`}
        description={t`What a buyer would search for: what it is, who made it, its size or year.`}
        required
        maxLength={TITLE_MAX}
        error={errors.title?.message}
        {...register("title")}
      />
      {!isTextOnly && (
        <>
          <Controller
            control={control}
            name="category"
            render={({ field }) => (
              <NativeSelect
                label={t`Category`}
                description={t`Buyers look through these, and it decides the fees.`}
                data={[{ value: "", label: t`None` }, ...options]}
                error={errors.category?.message}
                {...field}
              />
            )}
          />
          <Controller
            control={control}
            name="condition"
            render={({ field: { ref: _, ...field } }) => (
              <Radio.Group label={t`Condition`} {...field}>
                <Radio value="used" label={t`Used`} styles={TALL} />
                <Radio value="new" label={t`New, never used`} styles={TALL} />
              </Radio.Group>
            )}
          />
        </>
      )}
      <Textarea
        label={t`Description`}
        description={t`What belongs to it, what is worn or missing, how it is handed over, what shipping costs.`}
        autosize
        minRows={6}
        maxRows={20}
        maxLength={DESCRIPTION_MAX}
        error={errors.description?.message}
        {...register("description")}
      />
    </Stack>
  );
}
