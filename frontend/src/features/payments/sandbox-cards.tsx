import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Radio, Stack, Text, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import { Notice } from "@/components/ui/notice";
import { money } from "@/lib/money";
import type { Confirm } from "./pay-by-provider";
import type { Payment } from "./queries";
import { AskedFirst } from "./use-payment";

const PAYS = "4242424242424242";

/** Play money: a card for each thing that can happen at a real provider. */
export function SandboxCards({ payment, confirm }: { payment: Payment; confirm: Confirm }) {
  const { t, i18n } = useLingui();
  const sentence = useSentence();
  const [card, setCard] = useState(PAYS);
  const cards = [
    [PAYS, t`Pays`],
    ["4000000000000002", t`Is declined`],
    ["4000000000009995", t`Has too little on it`],
    ["4000002500003155", t`Your bank asks you first`],
    ["4000000000000259", t`Pays; the bank takes the money back ten seconds later`],
  ] as const;
  const isAsked = confirm.error instanceof AskedFirst;
  const refusal = confirm.error ? sentence(confirm.error) : payment.failure;
  const amount = money(payment.amount, payment.currency, i18n.locale);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!confirm.isPending) confirm.mutate({ id: payment.id, card });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={2} size="h3">
          <Trans>Pay with a test card</Trans>
        </Title>
        <Notice kind="play">
          <Trans>This house plays with play money: no card is charged.</Trans>
        </Notice>
        <Radio.Group
          value={card}
          onChange={(next) => {
            setCard(next);
            confirm.reset();
          }}
          label={t`Card`}
        >
          <Stack gap={4} mt="xs">
            {cards.map(([number, says]) => (
              <Radio
                key={number}
                value={number}
                label={
                  <>
                    {says}{" "}
                    <Text span size="sm" className="amount" dir="ltr">
                      ({number.replace(/(.{4})(?=.)/g, "$1 ")})
                    </Text>
                  </>
                }
                styles={{ body: { minHeight: 44, alignItems: "center" } }}
              />
            ))}
          </Stack>
        </Radio.Group>
        {isAsked ? (
          <Notice role="alert" title={t`Your bank asks: is it you who pays?`} />
        ) : (
          <FormAlert>{refusal}</FormAlert>
        )}
        <Button type="submit" size="md" mih={48} loading={confirm.isPending}>
          {isAsked ? <Trans>Yes, I pay {amount}</Trans> : <Trans>Pay {amount}</Trans>}
        </Button>
      </Stack>
    </form>
  );
}
