import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { signOf, type useAmount } from "./use-amount";

interface AmountFieldProps {
  label: string;
  currency: string;
  field: ReturnType<typeof useAmount>;
  description?: string | undefined;
  onType?: () => void;
  disabled?: boolean;
}

/** Where an amount is typed, with its currency before it and what is wrong below. */
export function AmountField(props: AmountFieldProps) {
  const { i18n } = useLingui();
  const { label, currency, field, description, onType, disabled } = props;
  const sign = signOf(currency, i18n.locale);
  return (
    <TextInput
      label={label}
      description={description}
      size="md"
      inputMode="decimal"
      autoComplete="off"
      enterKeyHint="done"
      leftSection={<span aria-hidden>{sign}</span>}
      leftSectionWidth={sign.length > 2 ? "4rem" : "2.5rem"}
      value={field.text}
      error={field.problem}
      disabled={disabled ?? false}
      onFocus={(event) => event.currentTarget.select()}
      onChange={({ currentTarget: { value } }) => {
        field.type(value);
        onType?.();
      }}
    />
  );
}
