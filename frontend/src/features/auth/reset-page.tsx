import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { ApiError } from "@/api/errors";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { ButtonLink } from "@/components/ui/links";
import { PasswordField } from "@/components/ui/password-field";
import { z } from "@/lib/rules";
import { api } from "@/services/session";
import { AuthCard } from "./auth-card";
import { useMailedToken } from "./mailed-token";
import { PASSWORD_LENGTH_MIN } from "./register-form";

/** Sets a new password by a mailed link. */
export function ResetPage() {
  const { t } = useLingui();
  const token = useMailedToken();
  const [state, setState] = useState<"open" | "dead" | "done">(token === null ? "dead" : "open");
  return (
    <AuthCard title={t`Set a new password`}>
      {state === "open" && token !== null && (
        <NewPassword
          token={token}
          onDone={() => setState("done")}
          onDead={() => setState("dead")}
        />
      )}
      {state === "dead" && <DeadLink />}
      {state === "done" && (
        <Stack role="status">
          <Text>
            <Trans>Your new password is set. Every earlier session has ended.</Trans>
          </Text>
          <ButtonLink to="/login">
            <Trans>Log in with it</Trans>
          </ButtonLink>
        </Stack>
      )}
    </AuthCard>
  );
}

function DeadLink() {
  return (
    <Stack role="alert">
      <Text>
        <Trans>This link was used already, is older than an hour, or is not complete.</Trans>
      </Text>
      <ButtonLink to="/forgotten-password">
        <Trans>Send me another one</Trans>
      </ButtonLink>
    </Stack>
  );
}

function NewPassword(props: { token: string; onDone: () => void; onDead: () => void }) {
  const { t } = useLingui();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const rules = z.object({
    password: z.string().min(PASSWORD_LENGTH_MIN, t`At least ${PASSWORD_LENGTH_MIN} characters`),
  });
  const { register, handleSubmit, formState, setError } = useForm<{ password: string }>({
    resolver: zodResolver(rules),
    defaultValues: { password: "" },
  });
  const submit = handleSubmit(async ({ password }) => {
    setRefusal(null);
    try {
      await api.resetPassword({ token: props.token, password });
      props.onDone();
    } catch (error) {
      if (error instanceof ApiError && error.code === "link_invalid") props.onDead();
      else if (!refuseField(error, setError, ["password"])) setRefusal(sentence(error));
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormAlert>{refusal}</FormAlert>
        <PasswordField
          label={t`New password`}
          description={t`At least ${PASSWORD_LENGTH_MIN} characters; a sentence is a good one.`}
          autoComplete="new-password"
          error={formState.errors.password?.message}
          {...register("password")}
        />
        <SubmitButton busy={formState.isSubmitting} fullWidth>
          <Trans>Set the password</Trans>
        </SubmitButton>
      </Stack>
    </form>
  );
}
