import { Trans, useLingui } from "@lingui/react/macro";
import { Radio, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AskDialog } from "@/components/ui/ask-dialog";
import { useSentence } from "@/components/ui/form";
import { say } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { money, parseAmount } from "@/lib/money";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import type { Hold } from "./queries";
import { useMoneyWords } from "./words";

interface Props {
  hold: Hold;
  onClose: () => void;
}

/** Do something about held money, show what came of it, say so and close. */
function useDeed(deed: () => Promise<Hold>, done: string, onClose: () => void) {
  const client = useQueryClient();
  const sentence = useSentence();
  const deedOf = useAct({
    mutationFn: deed,
    onSuccess: async (hold) => {
      client.setQueryData<Hold[]>(keys.payments("held"), (holds) =>
        holds?.map((each) => (each.id === hold.id ? hold : each)),
      );
      await client.invalidateQueries({ queryKey: ["payments"] });
      say(done);
      onClose();
    },
  });
  return {
    busy: deedOf.isPending,
    refused: deedOf.error ? sentence(deedOf.error) : undefined,
    go: () => !deedOf.isPending && deedOf.mutate(),
  };
}

/** The buyer has it: the seller is paid. */
export function ReleaseDialog({ hold, onClose }: Props) {
  const { t, i18n } = useLingui();
  const deed = useDeed(() => api.releaseEscrow(hold.id), t`The seller is being paid.`, onClose);
  const amount = money(hold.held, hold.currency, i18n.locale);
  return (
    <AskDialog
      opened
      title={t`Have you received it?`}
      confirm={t`Yes, pay the seller`}
      busy={deed.busy}
      refused={deed.refused}
      onConfirm={deed.go}
      onClose={onClose}
    >
      <Text>
        <Trans>
          {hold.seller} then gets the {amount} that the house holds. This cannot be undone.
        </Trans>
      </Text>
    </AskDialog>
  );
}

type Reason = Parameters<typeof api.disputeEscrow>[1]["reason"];
const DESCRIPTION_MAX = 4000;

/** Something is wrong: nothing moves until staff have decided. */
export function DisputeDialog({ hold, onClose }: Props) {
  const { t } = useLingui();
  const { reasons } = useMoneyWords();
  const [reason, setReason] = useState<Reason>("not_received");
  const [description, setDescription] = useState("");
  const deed = useDeed(
    () => api.disputeEscrow(hold.id, { reason, description: description.trim() }),
    t`Your report is with our staff.`,
    onClose,
  );
  return (
    <AskDialog
      opened
      title={t`What is wrong?`}
      confirm={t`Report it`}
      busy={deed.busy}
      refused={deed.refused}
      onConfirm={deed.go}
      onClose={onClose}
    >
      <Text size="sm">
        <Trans>
          The money stays with the house until our staff have looked at both sides. Write to the
          seller first, if you have not: most problems end there.
        </Trans>
      </Text>
      <Radio.Group
        label={t`Reason`}
        value={reason}
        onChange={(value) => setReason(value as Reason)}
      >
        <Stack gap={0}>
          {(Object.keys(reasons) as Reason[]).map((each) => (
            <Radio
              key={each}
              value={each}
              label={reasons[each]}
              styles={{ body: { minHeight: 44, alignItems: "center" } }}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label={t`What happened`}
        description={t`The seller and our staff read this.`}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={DESCRIPTION_MAX}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </AskDialog>
  );
}

/** The seller gives the buyer all of it back, or a part. */
export function RefundDialog({ hold, onClose }: Props) {
  const { t, i18n } = useLingui();
  const [part, setPart] = useState<"all" | "some">("all");
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState("");
  const amount = parseAmount(text, hold.currency);
  const deed = useDeed(
    () => api.refundEscrow(hold.id, part === "all" ? {} : { amount: amount ?? 0 }),
    t`The money is on its way back to the buyer.`,
    onClose,
  );
  const held = money(hold.held, hold.currency, i18n.locale);
  const submit = () => {
    const isWrong = part === "some" && (amount === null || amount > hold.held);
    setWrong(isWrong ? t`Enter an amount of at most ${held}.` : "");
    if (!isWrong) deed.go();
  };
  return (
    <AskDialog
      opened
      danger
      title={t`Give money back to ${hold.buyer}`}
      confirm={t`Give it back`}
      busy={deed.busy}
      refused={deed.refused}
      onConfirm={submit}
      onClose={onClose}
    >
      <Radio.Group
        label={t`How much?`}
        value={part}
        onChange={(value) => setPart(value as "all" | "some")}
      >
        <Stack gap={0}>
          <Radio value="all" label={t`All of it: ${held}`} styles={TALL} />
          <Radio value="some" label={t`A part of it`} styles={TALL} />
        </Stack>
      </Radio.Group>
      {part === "some" && (
        <TextInput
          label={t`Amount in ${hold.currency}`}
          inputMode="decimal"
          value={text}
          error={wrong}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Text size="sm">
        <Trans>What is given back cannot be taken again.</Trans>
      </Text>
    </AskDialog>
  );
}

const TALL = { body: { minHeight: 44, alignItems: "center" } };
