import { useLingui } from "@lingui/react/macro";
import { NativeSelect, Radio, Stack, TextInput } from "@mantine/core";
import { Controller } from "react-hook-form";
import { CURRENCIES } from "./currencies";
import type { FormOfDraft } from "./use-draft-form";

const TALL = { body: { minHeight: 44, alignItems: "center" } };

interface Props {
  form: FormOfDraft;
  /** Others can see it: the way it is sold and its currency are fixed. */
  isPublished?: boolean;
}

/** How it is sold, and for how much. */
export function StepPrice({ form, isPublished = false }: Props) {
  const { t, i18n } = useLingui();
  const { control, formState } = form;
  const isTimed = form.watch("closing") === "timed";
  const names = new Intl.DisplayNames(i18n.locale, { type: "currency" });
  const chosen = form.watch("currency");
  const currencies = CURRENCIES.includes(chosen) ? CURRENCIES : [chosen, ...CURRENCIES];
  return (
    <Stack>
      {!isPublished && (
        <>
          <Controller
            control={control}
            name="closing"
            render={({ field: { ref: _, ...field } }) => (
              <Radio.Group
                label={t`How is it sold?`}
                error={formState.errors.closing?.message}
                {...field}
              >
                <Radio
                  value="timed"
                  label={t`Auction: the highest bid wins when the time is over`}
                  styles={TALL}
                />
                <Radio
                  value="seller_choice"
                  label={t`Offers: you choose the one you like, when you like`}
                  styles={TALL}
                />
              </Radio.Group>
            )}
          />
          <Controller
            control={control}
            name="currency"
            render={({ field }) => (
              <NativeSelect
                label={t`Currency`}
                data={currencies.map((code) => ({
                  value: code,
                  label: `${code} · ${names.of(code) ?? code}`,
                }))}
                error={formState.errors.currency?.message}
                {...field}
              />
            )}
          />
        </>
      )}
      <Amount
        form={form}
        name="starting"
        required
        label={isTimed ? t`Starting price` : t`Lowest offer`}
        description={
          isTimed
            ? t`The first bid must reach it. A low one draws more bidders.`
            : t`Offers below it are not taken.`
        }
      />
      {isTimed && <TimedAmounts form={form} />}
    </Stack>
  );
}

function TimedAmounts({ form }: { form: FormOfDraft }) {
  const { t } = useLingui();
  return (
    <>
      <Amount
        form={form}
        name="reserve"
        label={t`Reserve (optional)`}
        description={t`Secret. Below it you need not sell; bidders only see whether it is met.`}
      />
      <Amount
        form={form}
        name="buyNow"
        label={t`Fixed price (optional)`}
        description={t`Whoever pays it has it at once.`}
      />
      <Amount
        form={form}
        name="increment"
        label={t`Step between bids (optional)`}
        description={t`Without one, steps grow with the price as the house has it.`}
      />
    </>
  );
}

function Amount(props: {
  form: FormOfDraft;
  name: "starting" | "reserve" | "buyNow" | "increment";
  label: string;
  description: string;
  required?: boolean;
}) {
  const { form, name, ...words } = props;
  const currency = form.watch("currency");
  return (
    <TextInput
      {...words}
      inputMode="decimal"
      autoComplete="off"
      maw="24rem"
      rightSection={<span>{currency}</span>}
      rightSectionWidth={56}
      error={form.formState.errors[name]?.message}
      {...form.register(name)}
    />
  );
}
