import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormAlert, SubmitButton, useSentence } from "@/components/ui/form";
import { keys } from "@/lib/query";
import { api } from "@/services/session";

type NewWebhook = Parameters<typeof api.createWebhook>[0];
type Kind = NewWebhook["kinds"][number];

const KINDS: Kind[] = [
  "auction.started",
  "auction.bid",
  "auction.price_changed",
  "auction.extended",
  "auction.ended",
  "auction.cancelled",
  "sale.created",
  "sale.lapsed",
  "sale.cancelled",
  "payment.paid",
  "payment.released",
  "payment.refunded",
  "payment.disputed",
];

/** Where to and what about. */
export function WebhookForm(props: { onMade: (secret: string) => void; onLeave: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [kinds, setKinds] = useState<Kind[]>([]);
  const [missing, setMissing] = useState<string | null>(null);
  const make = useMutation({
    mutationFn: (data: NewWebhook) => api.createWebhook(data),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: keys.security("webhooks") });
      props.onMade(made.secret);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(kinds.length === 0 ? t`Choose at least one event` : null);
    if (kinds.length > 0 && !make.isPending) make.mutate({ url, description, kinds, scope: "own" });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <FormAlert>{make.error && sentence(make.error)}</FormAlert>
        <TextInput
          label={t`Address`}
          type="url"
          placeholder="https://"
          required
          maxLength={500}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label={t`What it is for (optional)`}
          maxLength={200}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Checkbox.Group
          label={t`Events`}
          error={missing}
          value={kinds}
          onChange={(chosen) => setKinds(chosen as Kind[])}
        >
          <Group mt="xs">
            {KINDS.map((kind) => (
              <Checkbox key={kind} value={kind} label={kind} py={6} />
            ))}
          </Group>
        </Checkbox.Group>
        <Group>
          <SubmitButton busy={make.isPending}>
            <Trans>Add the webhook</Trans>
          </SubmitButton>
          <Button variant="default" mih={44} onClick={props.onLeave}>
            <Trans>Leave it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
