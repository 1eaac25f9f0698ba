import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Code, Group, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import { PageError } from "@/components/ui/page-states";
import { Row, RowList, Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { complain, say } from "@/components/ui/toast";
import { everyRow } from "@/lib/pages";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { Deliveries } from "./webhook-deliveries";
import { WebhookForm } from "./webhook-form";

type Webhook = Awaited<ReturnType<typeof api.getWebhook>>;

/** Addresses of one's own programs that are told what happens. */
export function WebhookSection() {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const list = useQuery({
    queryKey: keys.security("webhooks"),
    queryFn: () => everyRow((page) => api.listWebhooks({ page })),
  });
  return (
    <Section
      title={t`Webhooks`}
      about={t`Your own program is told what happens to your auctions, signed with a secret.`}
    >
      {list.isError && <PageError error={list.error} reset={() => void list.refetch()} />}
      {secret !== null && <Secret secret={secret} onKept={() => setSecret(null)} />}
      {list.data?.length === 0 && !adding && (
        <Text>
          <Trans>No address is told anything yet.</Trans>
        </Text>
      )}
      <RowList>
        {list.data?.map((hook) => (
          <WebhookRow key={hook.id} hook={hook} onSecret={setSecret} />
        ))}
      </RowList>
      {adding ? (
        <WebhookForm
          onMade={(made) => {
            setSecret(made);
            setAdding(false);
          }}
          onLeave={() => setAdding(false)}
        />
      ) : (
        <Button mih={44} style={{ alignSelf: "flex-start" }} onClick={() => setAdding(true)}>
          <Trans>Add a webhook</Trans>
        </Button>
      )}
    </Section>
  );
}

function Secret({ secret, onKept }: { secret: string; onKept: () => void }) {
  return (
    <Stack role="status" gap="xs">
      <Text fw={600}>
        <Trans>Keep this secret with your program: it is not shown again.</Trans>
      </Text>
      <Code block>{secret}</Code>
      <Button mih={44} style={{ alignSelf: "flex-start" }} onClick={onKept}>
        <Trans>I have kept it</Trans>
      </Button>
    </Stack>
  );
}

function useWebhookActs(id: number) {
  const client = useQueryClient();
  const { t } = useLingui();
  const sentence = useSentence();
  const onError = (error: unknown) => complain(sentence(error));
  const onSettled = () => client.invalidateQueries({ queryKey: ["security"] });
  return {
    enable: useMutation({
      mutationFn: (enabled: boolean) => api.changeWebhook(id, { enabled }),
      onError,
      onSettled,
    }),
    remove: useMutation({ mutationFn: () => api.deleteWebhook(id), onError, onSettled }),
    rotate: useMutation({ mutationFn: () => api.rotateWebhookSecret(id), onError, onSettled }),
    test: useMutation({
      mutationFn: () => api.testWebhook(id),
      onError,
      onSuccess: () => say(t`A test is on its way.`),
      onSettled,
    }),
  };
}

function WebhookRow({ hook, onSecret }: { hook: Webhook; onSecret: (secret: string) => void }) {
  const { t } = useLingui();
  const { enable, remove, rotate, test } = useWebhookActs(hook.id);
  const [shown, setShown] = useState(false);
  const [sure, setSure] = useState(false);
  return (
    <Row>
      <Stack gap="xs">
        <Group gap="xs">
          <Text fw={600}>{hook.url}</Text>
          {hook.failing_since !== null && (
            <StateBadge tone="bad">
              <Trans>Failing</Trans>
            </StateBadge>
          )}
        </Group>
        {hook.description && <Text size="sm">{hook.description}</Text>}
        <Text size="sm" c="dimmed">
          {hook.kinds.join(", ")}
        </Text>
        <FormAlert>{hook.disabled_reason}</FormAlert>
        <Switch
          size="md"
          label={t`On`}
          checked={enable.isPending ? enable.variables : hook.enabled}
          onChange={(event) => enable.mutate(event.currentTarget.checked)}
        />
        <Group gap="xs">
          <Button variant="default" mih={44} loading={test.isPending} onClick={() => test.mutate()}>
            <Trans>Send a test</Trans>
          </Button>
          <Button variant="default" mih={44} aria-expanded={shown} onClick={() => setShown(!shown)}>
            <Trans>Deliveries</Trans>
          </Button>
          <Button
            variant="default"
            mih={44}
            loading={rotate.isPending}
            onClick={() => rotate.mutate(undefined, { onSuccess: (made) => onSecret(made.secret) })}
          >
            <Trans>New secret</Trans>
          </Button>
          <Button
            variant={sure ? "filled" : "default"}
            color={sure ? "red.8" : undefined}
            mih={44}
            loading={remove.isPending}
            onBlur={() => setSure(false)}
            onClick={() => (sure ? remove.mutate() : setSure(true))}
          >
            {sure ? <Trans>Really delete it</Trans> : <Trans>Delete</Trans>}
          </Button>
        </Group>
        {shown && <Deliveries webhookId={hook.id} />}
      </Stack>
    </Row>
  );
}
