import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormAlert, SubmitButton } from "@/components/ui/form";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { useIdentity } from "./use-identity";

type NewKey = Parameters<typeof api.createApiKey>[0];
type Scope = NewKey["scopes"][number];

const SCOPES: Scope[] = [
  "read:account",
  "read:listings",
  "write:listings",
  "read:bids",
  "write:bids",
  "read:money",
  "read:messages",
  "write:messages",
  "read:notifications",
  "write:notifications",
  "read:webhooks",
  "write:webhooks",
];

/** What a new key is called and may do. */
export function ApiKeyForm(props: { onMade: (key: string) => void; onLeave: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { run, dialog } = useIdentity();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>([]);
  const [missing, setMissing] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(scopes.length === 0 ? t`Choose at least one` : null);
    if (scopes.length === 0) return;
    setBusy(true);
    const wrong = await run(async (password) => {
      const made = await api.createApiKey({ name: name.trim(), scopes, password });
      await client.invalidateQueries({ queryKey: keys.security("api-keys") });
      props.onMade(made.key);
    });
    setRefusal(wrong);
    setBusy(false);
  };
  return (
    <>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <FormAlert>{refusal}</FormAlert>
          <TextInput
            label={t`What it is for`}
            required
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox.Group
            label={t`What it may do`}
            error={missing}
            value={scopes}
            onChange={(chosen) => setScopes(chosen as Scope[])}
          >
            <Group mt="xs">
              {SCOPES.map((scope) => (
                <Checkbox key={scope} value={scope} label={scope} py={6} />
              ))}
            </Group>
          </Checkbox.Group>
          <Group>
            <SubmitButton busy={busy}>
              <Trans>Make the key</Trans>
            </SubmitButton>
            <Button variant="default" mih={44} onClick={props.onLeave}>
              <Trans>Leave it</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
      {dialog}
    </>
  );
}
