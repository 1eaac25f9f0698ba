import { Trans, useLingui } from "@lingui/react/macro";
import { Checkbox, NativeSelect, Radio, Stack, Text, TextInput } from "@mantine/core";
import { Controller } from "react-hook-form";
import { clock } from "@/services/clock";
import { localOf } from "./draft";
import type { FormOfDraft } from "./use-draft-form";
import { useDurationWords } from "./use-duration-words";

const TALL = { body: { minHeight: 44, alignItems: "center" } };
const DAY_MS = 86_400_000;

/** When it opens, and for how long. */
export function StepTime({ form }: { form: FormOfDraft }) {
  const { t } = useLingui();
  const isTimed = form.watch("closing") === "timed";
  const durations = useDurationWords(form.watch("duration"));
  return (
    <Stack>
      <Opens form={form} />
      <Controller
        control={form.control}
        name="duration"
        render={({ field }) => (
          <NativeSelect
            label={isTimed ? t`How long does it run?` : t`How long do you take offers?`}
            data={durations}
            maw="24rem"
            error={form.formState.errors.duration?.message}
            {...field}
          />
        )}
      />
      {isTimed && (
        <Checkbox
          label={t`Late bids keep it open`}
          description={t`A bid in the last 2 minutes moves the end to 2 minutes after it, so that everybody can answer. Recommended.`}
          {...form.register("extends")}
        />
      )}
    </Stack>
  );
}

function Opens({ form }: { form: FormOfDraft }) {
  const { t } = useLingui();
  const opens = form.watch("opens");
  const choose = (value: string) => {
    const tomorrow = localOf(new Date(clock.now() + DAY_MS).toISOString());
    form.setValue("opens", value === "now" ? "" : tomorrow, {
      shouldValidate: true,
      shouldDirty: true,
    });
  };
  return (
    <>
      <Radio.Group
        label={t`When does it open?`}
        value={opens === "" ? "now" : "later"}
        onChange={choose}
      >
        <Radio value="now" label={t`As soon as you publish it`} styles={TALL} />
        <Radio value="later" label={t`Later`} styles={TALL} />
      </Radio.Group>
      {opens !== "" && (
        <TextInput
          type="datetime-local"
          label={t`Opens at`}
          maw="24rem"
          error={form.formState.errors.opens?.message}
          {...form.register("opens")}
        />
      )}
      {opens !== "" && (
        <Text size="sm">
          <Trans>In your own time zone.</Trans>
        </Text>
      )}
    </>
  );
}
