import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { ApiError } from "@/api/errors";
import { FormAlert, SubmitButton, useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { PasswordField } from "@/components/ui/password-field";
import { z } from "@/lib/rules";
import { CodeForm } from "./code-form";
import { DemoAccounts } from "./demo-accounts";
import { PasskeyButton } from "./passkey-button";
import { useAuth } from "./use-auth";

interface Fields {
  username: string;
  password: string;
}

/** Name and password, a second factor where the account has one, or a passkey. */
export function LoginForm({ onDone, username = "" }: { onDone: () => void; username?: string }) {
  const [challenge, setChallenge] = useState<string | null>(null);
  if (challenge !== null) {
    return (
      <CodeForm challenge={challenge} onDone={onDone} onStartOver={() => setChallenge(null)} />
    );
  }
  return <PasswordForm username={username} onChallenge={setChallenge} onDone={onDone} />;
}

function PasswordForm(props: {
  username: string;
  onChallenge: (challenge: string) => void;
  onDone: () => void;
}) {
  const { t } = useLingui();
  const { login } = useAuth();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const fields = z.object({
    username: z.string().trim().min(1, t`Enter your user name`),
    password: z.string().min(1, t`Enter your password`),
  });
  const { register, handleSubmit, formState, setValue } = useForm<Fields>({
    resolver: zodResolver(fields),
    defaultValues: { username: props.username, password: "" },
  });

  const submit = handleSubmit(async ({ username, password }) => {
    setRefusal(null);
    try {
      await login(username, password);
      props.onDone();
    } catch (error) {
      const challenge = error instanceof ApiError ? error.facts["challenge"] : null;
      if (typeof challenge === "string") props.onChallenge(challenge);
      else if (error instanceof ApiError && error.status === 401 && error.code === null)
        setRefusal(t`User name and password do not belong together. Check both and try again.`);
      else setRefusal(sentence(error));
    }
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormAlert>{refusal}</FormAlert>
        <TextInput
          label={t`User name`}
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          size="md"
          error={formState.errors.username?.message}
          {...register("username")}
        />
        <PasswordField
          label={t`Password`}
          autoComplete="current-password"
          error={formState.errors.password?.message}
          {...register("password")}
        />
        <SubmitButton busy={formState.isSubmitting} fullWidth>
          <Trans>Log in</Trans>
        </SubmitButton>
        <PasskeyButton onDone={props.onDone} onRefusal={setRefusal} />
        <TextLink to="/forgotten-password" ta="center" py="xs">
          <Trans>Forgotten your password?</Trans>
        </TextLink>
        <DemoAccounts
          onChoose={(account) => {
            setValue("username", account.username);
            setValue("password", account.password);
            void submit();
          }}
        />
      </Stack>
    </form>
  );
}
