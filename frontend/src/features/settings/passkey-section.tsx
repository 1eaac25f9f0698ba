import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormAlert } from "@/components/ui/form";
import { PageError } from "@/components/ui/page-states";
import { Row, RowList, Section } from "@/components/ui/section";
import { say } from "@/components/ui/toast";
import { everyRow } from "@/lib/pages";
import { keys } from "@/lib/query";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import { useIdentity } from "./use-identity";

type Passkey = Awaited<ReturnType<typeof api.listPasskeys>>["results"][number];
const isPossible = typeof window !== "undefined" && "PublicKeyCredential" in window;

/** Keys of one's devices, in place of a password. */
export function PasskeySection() {
  const { t } = useLingui();
  const client = useQueryClient();
  const { run, dialog } = useIdentity();
  const [refusal, setRefusal] = useState<string | null>(null);
  const list = useQuery({
    queryKey: keys.security("passkeys"),
    queryFn: () => everyRow((page) => api.listPasskeys({ page })),
  });
  const changed = () => client.invalidateQueries({ queryKey: ["security"] });
  const add = async (name: string) =>
    setRefusal(
      await run(async (password) => {
        const optionsJSON = (await api.beginPasskey({ password })) as never;
        const { startRegistration } = await import("@simplewebauthn/browser");
        const credential = await startRegistration({ optionsJSON }).catch((error: Error) => {
          if (error.name === "NotAllowedError") throw new Error(t`No passkey was made.`);
          if (error.name === "InvalidStateError")
            throw new Error(t`This device has a passkey of this account already.`);
          throw error;
        });
        await api.addPasskey({ name, credential: credential as never });
        await changed();
        say(t`The passkey is added.`);
      }),
    );
  const remove = async (passkey: Passkey) =>
    setRefusal(
      await run(async (password) => {
        await api.removePasskeyBy(passkey.id, password);
        await changed();
        say(t`The passkey is removed.`);
      }),
    );
  return (
    <Section
      title={t`Passkeys`}
      about={t`Log in with your fingerprint, your face or the PIN of your device: nothing to remember, nothing to steal.`}
    >
      <FormAlert>{refusal}</FormAlert>
      {list.isError && <PageError error={list.error} reset={() => void list.refetch()} />}
      <RowList>
        {list.data?.map((passkey) => (
          <PasskeyRow key={passkey.id} passkey={passkey} onRemove={() => void remove(passkey)} />
        ))}
      </RowList>
      {isPossible ? (
        <AddPasskey onAdd={add} />
      ) : (
        <Text>
          <Trans>This browser, or this address without HTTPS, knows no passkeys.</Trans>
        </Text>
      )}
      {dialog}
    </Section>
  );
}

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove: () => void }) {
  const { t, i18n } = useLingui();
  const made = day(passkey.created_at, i18n.locale);
  const used = passkey.last_used_at && day(passkey.last_used_at, i18n.locale);
  return (
    <Row>
      <div>
        <Text fw={600}>{passkey.name}</Text>
        <Text size="sm" c="dimmed">
          {used ? t`Added ${made}, last used ${used}` : t`Added ${made}, never used`}
        </Text>
      </div>
      <Button
        variant="default"
        mih={44}
        aria-label={t`Remove the passkey ${passkey.name}`}
        onClick={onRemove}
      >
        <Trans>Remove</Trans>
      </Button>
    </Row>
  );
}

function AddPasskey({ onAdd }: { onAdd: (name: string) => Promise<void> }) {
  const { t } = useLingui();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    await onAdd(name.trim() || t`My device`);
    setBusy(false);
    setName("");
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Group align="end">
        <TextInput
          label={t`Name of the device`}
          placeholder={t`My device`}
          maxLength={60}
          size="md"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          type="submit"
          mih={44}
          loading={busy}
          leftSection={<IconFingerprint size={18} aria-hidden />}
        >
          <Trans>Add a passkey</Trans>
        </Button>
      </Group>
    </form>
  );
}
