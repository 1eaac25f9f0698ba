import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Paper, Radio, Stack, Text, Title } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import type { Payment } from "./queries";
import type { Method } from "./use-payment";

interface Props {
  begin: UseMutationResult<Payment, Error, Method>;
  /** Somebody else won; it may have been offered to whoever asks. */
  isOffer: boolean;
  /** A payment was begun before, and came to nothing. */
  isAgain: boolean;
}

/** How to pay. Nothing is charged by choosing. */
export function ChooseMethod({ begin, isOffer, isAgain }: Props) {
  const { t } = useLingui();
  const sentence = useSentence();
  const [method, setMethod] = useState<Method>("stripe");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!begin.isPending) begin.mutate(method);
  };
  return (
    <Paper withBorder p="md">
      <form onSubmit={submit}>
        <Stack>
          <Title order={2} size="h3">
            {isOffer ? <Trans>A second chance</Trans> : <Trans>How would you like to pay?</Trans>}
          </Title>
          {isOffer && (
            <Text>
              <Trans>
                If this was offered to you because the winner did not pay, go on to see what it
                costs. You owe nothing until you pay.
              </Trans>
            </Text>
          )}
          {isAgain && (
            <Text>
              <Trans>Your last payment came to nothing, and nothing was charged. Try again.</Trans>
            </Text>
          )}
          <Radio.Group
            value={method}
            onChange={(value) => setMethod(value as Method)}
            label={t`Pay with`}
          >
            <Stack gap="xs" mt="xs">
              <MethodCard value="stripe" label={t`Card`} note={t`Visa, Mastercard and others`} />
              <MethodCard value="paypal" label={t`PayPal`} note={t`You agree at PayPal`} />
            </Stack>
          </Radio.Group>
          <FormAlert>{begin.error && sentence(begin.error)}</FormAlert>
          <Button type="submit" size="md" mih={48} loading={begin.isPending}>
            <Trans>Go on</Trans>
          </Button>
          <Text size="sm">
            <Trans>Nothing is charged yet: you see the whole sum first.</Trans>
          </Text>
        </Stack>
      </form>
    </Paper>
  );
}

function MethodCard(props: { value: Method; label: string; note: string }) {
  return (
    <Paper withBorder px="md" py={4}>
      <Radio
        value={props.value}
        label={props.label}
        description={props.note}
        styles={{
          body: { minHeight: 44, alignItems: "center" },
          description: { color: "inherit" },
          labelWrapper: { flex: 1 },
        }}
      />
    </Paper>
  );
}
