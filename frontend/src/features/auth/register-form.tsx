import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { PasswordField } from "@/components/ui/password-field";
import { z } from "@/lib/rules";
import { useAuth } from "./use-auth";

export const PASSWORD_LENGTH_MIN = 8;
const PASSWORD_LENGTH_MAX = 128;
const NAME_LENGTH_MAX = 30;

interface Fields {
  username: string;
  email: string;
  full_name: string;
  password: string;
}

/** What a new account must look like; the server has the last word. */
function useRules() {
  const { t } = useLingui();
  return z.object({
    username: z
      .string()
      .trim()
      .min(1, t`Choose a user name`)
      .max(NAME_LENGTH_MAX, t`At most ${NAME_LENGTH_MAX} characters`)
      .regex(/^[A-Za-z0-9_.-]*$/, t`Only letters a to z, digits, dot, dash and underscore`),
    email: z.email(t`Enter an e-mail address, like name@example.org`),
    full_name: z.string().trim().max(200, t`This name is too long`),
    password: z
      .string()
      .min(PASSWORD_LENGTH_MIN, t`At least ${PASSWORD_LENGTH_MIN} characters`)
      .max(PASSWORD_LENGTH_MAX, t`At most ${PASSWORD_LENGTH_MAX} characters`),
  });
}

/** Makes an account; whoever has made it is logged in. */
export function RegisterForm({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const { register: makeAccount } = useAuth();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { register, handleSubmit, formState, setError } = useForm<Fields>({
    resolver: zodResolver(useRules()),
    defaultValues: { username: "", email: "", full_name: "", password: "" },
    mode: "onTouched",
  });
  const { errors } = formState;

  const submit = handleSubmit(async (data) => {
    setRefusal(null);
    try {
      await makeAccount({ ...data, full_name: data.full_name || null });
      onDone();
    } catch (error) {
      const fields = ["username", "email", "full_name", "password"] as const;
      if (!refuseField(error, setError, fields)) setRefusal(sentence(error));
    }
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormAlert>{refusal}</FormAlert>
        <TextInput
          label={t`User name`}
          description={t`Others see it beside your bids.`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          size="md"
          error={errors.username?.message}
          {...register("username")}
        />
        <TextInput
          label={t`E-mail address`}
          type="email"
          autoComplete="email"
          required
          size="md"
          error={errors.email?.message}
          {...register("email")}
        />
        <PasswordField
          label={t`Password`}
          description={t`At least ${PASSWORD_LENGTH_MIN} characters; a sentence is a good one.`}
          autoComplete="new-password"
          required
          error={errors.password?.message}
          {...register("password")}
        />
        <TextInput
          label={t`Full name (optional)`}
          autoComplete="name"
          size="md"
          error={errors.full_name?.message}
          {...register("full_name")}
        />
        <SubmitButton busy={formState.isSubmitting} fullWidth>
          <Trans>Create my account</Trans>
        </SubmitButton>
      </Stack>
    </form>
  );
}
