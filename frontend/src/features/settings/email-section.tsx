import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { PasswordField } from "@/components/ui/password-field";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { say } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { z } from "@/lib/rules";
import { api } from "@/services/session";
import type { Security } from "./security-tab";

/** The address the house writes to. */
export function EmailSection({ security }: { security: Security }) {
  const { t } = useLingui();
  const sentence = useSentence();
  const [changing, setChanging] = useState(false);
  const resend = useMutation({
    mutationFn: () => api.resendVerification(),
    onSuccess: () => say(t`A mail with a link is on its way.`),
  });
  return (
    <Section title={t`E-mail address`}>
      <Group>
        <Text fw={600}>{security.email}</Text>
        {security.email_verified ? (
          <StateBadge tone="good">
            <Trans>Confirmed</Trans>
          </StateBadge>
        ) : (
          <StateBadge tone="plain">
            <Trans>Not confirmed</Trans>
          </StateBadge>
        )}
      </Group>
      <FormAlert>{resend.error && sentence(resend.error)}</FormAlert>
      {changing ? (
        <EmailForm onDone={() => setChanging(false)} />
      ) : (
        <Group>
          <Button variant="default" mih={44} onClick={() => setChanging(true)}>
            <Trans>Change the address</Trans>
          </Button>
          {!security.email_verified && security.email_verification !== "off" && (
            <Button mih={44} loading={resend.isPending} onClick={() => resend.mutate()}>
              <Trans>Mail me the link to confirm it</Trans>
            </Button>
          )}
        </Group>
      )}
    </Section>
  );
}

function EmailForm({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const rules = z.object({
    email: z.email(t`Enter an e-mail address, like name@example.org`),
    password: z.string().min(1, t`Enter your password`),
  });
  const { register, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(rules),
    defaultValues: { email: "", password: "" },
  });
  const submit = handleSubmit(async (data) => {
    setRefusal(null);
    try {
      await api.changeEmail(data);
      void client.invalidateQueries({ queryKey: ["security"] });
      void client.invalidateQueries({ queryKey: keys.me });
      say(t`Your address is changed.`);
      onDone();
    } catch (error) {
      if (!refuseField(error, setError, ["email", "password"])) setRefusal(sentence(error));
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormAlert>{refusal}</FormAlert>
        <TextInput
          label={t`New e-mail address`}
          type="email"
          autoComplete="email"
          size="md"
          error={formState.errors.email?.message}
          {...register("email")}
        />
        <PasswordField
          label={t`Your password`}
          autoComplete="current-password"
          error={formState.errors.password?.message}
          {...register("password")}
        />
        <Group>
          <SubmitButton busy={formState.isSubmitting}>
            <Trans>Change the address</Trans>
          </SubmitButton>
          <Button variant="default" mih={44} onClick={onDone}>
            <Trans>Leave it</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
