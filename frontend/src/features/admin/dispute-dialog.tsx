import { useLingui } from "@lingui/react/macro";
import { Radio, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AskDialog } from "@/components/ui/ask-dialog";
import { useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { money, parseAmount } from "@/lib/money";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import type { Payment } from "./payments-page";

type Outcome = Parameters<typeof api.resolveEscrow>[1]["outcome"];

/** Decides who gets held money, beside what the buyer wrote. */
export default function DisputeDialog(props: { payment: Payment; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const { payment } = props;
  const id = payment.escrow_id ?? 0;
  const client = useQueryClient();
  const sentence = useSentence();
  const [outcome, setOutcome] = useState<Outcome>("refund");
  const [part, setPart] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const held = useQuery({
    queryKey: keys.admin("escrow", { id }),
    queryFn: () => api.getEscrow(id),
  });
  const decide = useMutation({
    mutationFn: (amount: number | undefined) =>
      api.resolveEscrow(id, amount === undefined ? { outcome } : { outcome, amount }),
    onSuccess: () => {
      say(t`The dispute is decided.`);
      props.onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  const confirm = () => {
    const amount = outcome === "split" ? parseAmount(part, payment.currency) : undefined;
    setWrong(amount === null ? t`Enter an amount, like 25 or 25.50` : null);
    if (amount !== null) decide.mutate(amount);
  };
  const total = money(held.data?.held ?? payment.amount, payment.currency, i18n.locale);
  return (
    <AskDialog
      opened
      title={t`Who gets ${total}?`}
      confirm={t`Decide`}
      busy={decide.isPending}
      refused={decide.error ? sentence(decide.error) : undefined}
      onConfirm={confirm}
      onClose={props.onClose}
    >
      <Text fw={600}>{payment.auction_title}</Text>
      {held.data?.disputes.map((dispute) => (
        <blockquote key={dispute.opened_at} className={classes.quote} dir="auto">
          <strong>{dispute.reason.replaceAll("_", " ")}</strong>
          {"\n"}
          {dispute.description}
        </blockquote>
      ))}
      <Radio.Group
        label={t`Decision`}
        value={outcome}
        onChange={(value) => setOutcome(value as Outcome)}
      >
        <Stack gap="sm" mt="xs">
          <Radio value="refund" label={t`All to the buyer, ${payment.buyer}`} />
          <Radio value="release" label={t`All to the seller, ${payment.seller}`} />
          <Radio value="split" label={t`A part to each`} />
        </Stack>
      </Radio.Group>
      {outcome === "split" && (
        <TextInput
          label={t`The buyer's part, in ${payment.currency}`}
          inputMode="decimal"
          required
          value={part}
          error={wrong}
          onChange={(event) => setPart(event.currentTarget.value)}
        />
      )}
    </AskDialog>
  );
}
