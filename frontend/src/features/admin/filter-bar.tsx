import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";

/** The row of filters above a list. */
export function FilterBar({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  return (
    <Group align="end" mb="md" role="search" aria-label={t`Filters`}>
      {children}
    </Group>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value | undefined;
  words: Record<Value, string>;
  onChange: (value: Value | undefined) => void;
}

/** One of several values, or all. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { t } = useLingui();
  const options = Object.entries<string>(props.words).map(([value, label]) => ({ value, label }));
  return (
    <NativeSelect
      label={props.label}
      size="md"
      value={props.value ?? ""}
      data={[{ value: "", label: t`All` }, ...options]}
      onChange={(event) => props.onChange((event.currentTarget.value || undefined) as never)}
    />
  );
}

interface WordsProps {
  label: string;
  value: string | undefined;
  numeric?: boolean;
  onChange: (text: string | undefined) => void;
}

/** Words, or a number, to look for; sent when one is done typing. */
export function Words({ label, value, numeric, onChange }: WordsProps) {
  const [text, setText] = useState(value ?? "");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onChange(text.trim() || undefined);
      }}
    >
      <Group align="end" gap="xs" wrap="nowrap">
        <TextInput
          label={label}
          size="md"
          inputMode={numeric ? "numeric" : "search"}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          mih={42}
          px="sm"
          flex="none"
          leftSection={<IconSearch size={18} aria-hidden />}
        >
          <Trans>Find</Trans>
        </Button>
      </Group>
    </form>
  );
}
