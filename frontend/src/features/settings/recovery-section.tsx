import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormAlert } from "@/components/ui/form";
import { Section } from "@/components/ui/section";
import { api } from "@/services/session";
import { RecoveryCodes } from "./recovery-codes";
import type { Security } from "./security-tab";
import { useIdentity } from "./use-identity";

/** What helps when the second factor is lost. */
export function RecoverySection({ security }: { security: Security }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const { run, dialog } = useIdentity();
  const [codes, setCodes] = useState<string[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    const wrong = await run(async (password) => {
      const made = await api.makeRecoveryCodes({ password });
      setCodes(made.recovery_codes);
      void client.invalidateQueries({ queryKey: ["security"] });
    });
    setRefusal(wrong);
    setBusy(false);
  };
  return (
    <Section title={t`Recovery codes`}>
      <FormAlert>{refusal}</FormAlert>
      {codes ? (
        <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />
      ) : (
        <>
          <Text>
            <Plural
              value={security.recovery_codes_left}
              one="# code is left."
              other="# codes are left."
            />
          </Text>
          <Button
            variant="default"
            mih={44}
            style={{ alignSelf: "flex-start" }}
            loading={busy}
            onClick={() => void make()}
          >
            <Trans>Make new ones; the old ones no longer count</Trans>
          </Button>
        </>
      )}
      {dialog}
    </Section>
  );
}
