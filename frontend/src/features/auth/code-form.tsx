import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { ApiError } from "@/api/errors";
import { FormAlert, SubmitButton, useSentence } from "@/components/ui/form";
import { z } from "@/lib/rules";
import { useAuth } from "./use-auth";

interface Props {
  challenge: string;
  onDone: () => void;
  onStartOver: () => void;
}

/** The second factor: a code of the authenticator app, or a recovery code. */
export function CodeForm({ challenge, onDone, onStartOver }: Props) {
  const { t } = useLingui();
  const { finishLogin } = useAuth();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const { register, handleSubmit, formState, setError } = useForm<{ code: string }>({
    resolver: zodResolver(z.object({ code: z.string().trim().min(1, t`Enter a code`) })),
    defaultValues: { code: "" },
  });

  const submit = handleSubmit(async ({ code }) => {
    setRefusal(null);
    try {
      await finishLogin(challenge, code.trim());
      onDone();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) setRefusal(sentence(error));
      else if (error.code === "challenge_invalid") setOver(true);
      else
        setError(
          "code",
          { message: t`This code is wrong or was used already. Enter the newest one.` },
          { shouldFocus: true },
        );
    }
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text>
          <Trans>
            Your account asks for a second step. Open your authenticator app and enter the six
            digits it shows, or one of your recovery codes.
          </Trans>
        </Text>
        <FormAlert>
          {over ? t`This login took too long or had too many wrong codes.` : refusal}
        </FormAlert>
        <TextInput
          label={t`Code`}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          size="md"
          data-autofocus
          autoFocus
          disabled={over}
          error={formState.errors.code?.message}
          {...register("code")}
        />
        {!over && (
          <SubmitButton busy={formState.isSubmitting} fullWidth>
            <Trans>Log in</Trans>
          </SubmitButton>
        )}
        <Button variant={over ? "filled" : "subtle"} mih={44} onClick={onStartOver}>
          <Trans>Start over</Trans>
        </Button>
      </Stack>
    </form>
  );
}
