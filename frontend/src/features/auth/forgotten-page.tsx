import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { z } from "@/lib/rules";
import { api } from "@/services/session";
import { AuthCard } from "./auth-card";

/** Asks for a link to a new password. Never tells whether an address has an account. */
export function ForgottenPage() {
  const { t } = useLingui();
  const [sentTo, setSentTo] = useState<string | null>(null);
  return (
    <AuthCard title={t`Forgotten password`}>
      {sentTo === null ? <AskForm onSent={setSentTo} /> : <Sent address={sentTo} />}
      <TextLink to="/login" ta="center" py="xs">
        <Trans>Back to the login</Trans>
      </TextLink>
    </AuthCard>
  );
}

function Sent({ address }: { address: string }) {
  return (
    <Text role="status">
      <Trans>
        If {address} belongs to an account, a mail with a link is on its way. The link works once,
        for an hour. Nothing came? Look in the spam folder.
      </Trans>
    </Text>
  );
}

function AskForm({ onSent }: { onSent: (address: string) => void }) {
  const { t } = useLingui();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { register, handleSubmit, formState, setError } = useForm<{ email: string }>({
    resolver: zodResolver(z.object({ email: z.email(t`Enter your e-mail address`) })),
    defaultValues: { email: "" },
  });
  const submit = handleSubmit(async ({ email }) => {
    setRefusal(null);
    try {
      await api.askPasswordReset({ email });
      onSent(email);
    } catch (error) {
      if (!refuseField(error, setError, ["email"])) setRefusal(sentence(error));
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text>
          <Trans>We will mail you a link that lets you set a new password.</Trans>
        </Text>
        <FormAlert>{refusal}</FormAlert>
        <TextInput
          label={t`E-mail address`}
          type="email"
          autoComplete="email"
          size="md"
          error={formState.errors.email?.message}
          {...register("email")}
        />
        <SubmitButton busy={formState.isSubmitting} fullWidth>
          <Trans>Send me the link</Trans>
        </SubmitButton>
      </Stack>
    </form>
  );
}
