import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormAlert, SubmitButton, useSentence } from "@/components/ui/form";
import { Section } from "@/components/ui/section";
import { say } from "@/components/ui/toast";
import { api } from "@/services/session";
import { QrCode } from "./qr-code";
import { RecoveryCodes } from "./recovery-codes";
import type { Security } from "./security-tab";
import { useIdentity } from "./use-identity";

type Setup = Awaited<ReturnType<typeof api.beginTotp>>;

/** The authenticator app: set it up, or take it away. */
export function TotpSection({ security }: { security: Security }) {
  const { t } = useLingui();
  const [setup, setSetup] = useState<Setup | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { run, dialog } = useIdentity();
  const begin = async () =>
    setRefusal(await run(async (password) => setSetup(await api.beginTotp({ password }))));
  return (
    <Section
      title={t`Authenticator app`}
      about={t`A login then asks for six digits that only your device knows.`}
    >
      <FormAlert>{refusal}</FormAlert>
      {codes && <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />}
      {!codes && security.totp && <RemoveTotp />}
      {!codes && !security.totp && !setup && (
        <Button mih={44} style={{ alignSelf: "flex-start" }} onClick={() => void begin()}>
          <Trans>Set up an authenticator app</Trans>
        </Button>
      )}
      {!codes && !security.totp && setup && (
        <FirstCode
          setup={setup}
          onDone={(made) => {
            setSetup(null);
            setCodes(made);
          }}
          onLeave={() => setSetup(null)}
        />
      )}
      {dialog}
    </Section>
  );
}

function FirstCode(props: {
  setup: Setup;
  onDone: (codes: string[]) => void;
  onLeave: () => void;
}) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      const { recovery_codes } = await api.confirmTotp({ code: code.trim() });
      await client.invalidateQueries({ queryKey: ["security"] });
      props.onDone(recovery_codes);
    } catch (error) {
      setWrong(sentence(error));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Text>
          <Trans>1. Scan this with your authenticator app.</Trans>
        </Text>
        <QrCode svg={props.setup.qr_svg} label={t`QR code for your authenticator app`} />
        <Text>
          <Trans>
            You cannot scan it? Enter this key by hand: <Code>{props.setup.secret}</Code>
          </Trans>
        </Text>
        <TextInput
          label={t`2. Enter the six digits the app shows`}
          inputMode="numeric"
          autoComplete="one-time-code"
          size="md"
          maw={280}
          required
          value={code}
          error={wrong}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Group>
          <SubmitButton busy={busy}>
            <Trans>Turn it on</Trans>
          </SubmitButton>
          <Button variant="default" mih={44} onClick={props.onLeave}>
            <Trans>Leave it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function RemoveTotp() {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [asking, setAsking] = useState(false);
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong(null);
    try {
      await api.removeTotpBy({ code: code.trim() });
      await client.invalidateQueries({ queryKey: ["security"] });
      say(t`The authenticator app is removed.`);
    } catch (error) {
      setWrong(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack>
      <Text fw={600}>
        <Trans>It is on: a login asks for a code.</Trans>
      </Text>
      {!asking && (
        <Button
          variant="default"
          mih={44}
          style={{ alignSelf: "flex-start" }}
          onClick={() => setAsking(true)}
        >
          <Trans>Remove it</Trans>
        </Button>
      )}
      {asking && (
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <TextInput
              label={t`A code of the app, or a recovery code`}
              autoComplete="one-time-code"
              size="md"
              maw={320}
              required
              value={code}
              error={wrong}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            <Group>
              <SubmitButton busy={busy} color="red.8">
                <Trans>Remove the authenticator app</Trans>
              </SubmitButton>
              <Button variant="default" mih={44} onClick={() => setAsking(false)}>
                <Trans>Keep it</Trans>
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Stack>
  );
}
