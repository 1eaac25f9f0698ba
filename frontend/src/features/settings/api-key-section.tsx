import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Code, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSentence } from "@/components/ui/form";
import { PageError } from "@/components/ui/page-states";
import { Row, RowList, Section } from "@/components/ui/section";
import { complain, say } from "@/components/ui/toast";
import { everyRow } from "@/lib/pages";
import { keys } from "@/lib/query";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import { ApiKeyForm } from "./api-key-form";

type ApiKey = Awaited<ReturnType<typeof api.listApiKeys>>["results"][number];

/** Keys for one's own programs, each with what it may do. */
export function ApiKeySection() {
  const { t } = useLingui();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const list = useQuery({
    queryKey: keys.security("api-keys"),
    queryFn: () => everyRow((page) => api.listApiKeys({ page })),
  });
  return (
    <Section title={t`API keys`} about={t`For your own programs; each may only what you allow it.`}>
      {list.isError && <PageError error={list.error} reset={() => void list.refetch()} />}
      {made !== null && (
        <Stack role="status" gap="xs">
          <Text fw={600}>
            <Trans>Keep this key with your program: it is not shown again.</Trans>
          </Text>
          <Code block>{made}</Code>
          <Button mih={44} style={{ alignSelf: "flex-start" }} onClick={() => setMade(null)}>
            <Trans>I have kept it</Trans>
          </Button>
        </Stack>
      )}
      <RowList>
        {list.data?.map((key) => (
          <KeyRow key={key.id} apiKey={key} />
        ))}
      </RowList>
      {adding ? (
        <ApiKeyForm
          onMade={(key) => {
            setMade(key);
            setAdding(false);
          }}
          onLeave={() => setAdding(false)}
        />
      ) : (
        <Button mih={44} style={{ alignSelf: "flex-start" }} onClick={() => setAdding(true)}>
          <Trans>Make an API key</Trans>
        </Button>
      )}
    </Section>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [sure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.deleteApiKey(apiKey.id),
    onSuccess: () => say(t`The key no longer counts.`),
    onError: (error) => complain(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.security("api-keys") }),
  });
  const until = day(apiKey.expires_at, i18n.locale);
  const used = apiKey.last_used_at && day(apiKey.last_used_at, i18n.locale);
  return (
    <Row>
      <div>
        <Text fw={600}>
          {apiKey.name} <Code>{apiKey.hint}…</Code>
        </Text>
        <Text size="sm" c="dimmed">
          {used ? t`Until ${until}, last used ${used}` : t`Until ${until}, never used`}
        </Text>
        <Text size="sm" c="dimmed">
          {apiKey.scopes.join(", ")}
        </Text>
      </div>
      <Button
        variant={sure ? "filled" : "default"}
        color={sure ? "red.8" : undefined}
        mih={44}
        loading={remove.isPending}
        aria-label={sure ? undefined : t`Delete the key ${apiKey.name}`}
        onBlur={() => setSure(false)}
        onClick={() => (sure ? remove.mutate() : setSure(true))}
      >
        {sure ? <Trans>Really delete it</Trans> : <Trans>Delete</Trans>}
      </Button>
    </Row>
  );
}
