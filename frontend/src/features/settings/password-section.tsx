import { zodResolver } from "@hookform/resolvers/zod";
import { Trans, useLingui } from "@lingui/react/macro";
import { Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { FormAlert, refuseField, SubmitButton, useSentence } from "@/components/ui/form";
import { PasswordField } from "@/components/ui/password-field";
import { Section } from "@/components/ui/section";
import { say } from "@/components/ui/toast";
import { z } from "@/lib/rules";
import { api } from "@/services/session";

const LENGTH_MIN = 8;

/** Another password; every other session ends with the old one. */
export function PasswordSection() {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [refusal, setRefusal] = useState<string | null>(null);
  const rules = z.object({
    current_password: z.string().min(1, t`Enter your present password`),
    new_password: z.string().min(LENGTH_MIN, t`At least ${LENGTH_MIN} characters`),
  });
  const { register, handleSubmit, formState, setError, reset } = useForm({
    resolver: zodResolver(rules),
    defaultValues: { current_password: "", new_password: "" },
  });
  const submit = handleSubmit(async (data) => {
    setRefusal(null);
    try {
      await api.changePassword(data);
      reset();
      void client.invalidateQueries({ queryKey: ["security"] });
      say(t`Your password is changed. All other sessions have ended.`);
    } catch (error) {
      const fields = ["current_password", "new_password"] as const;
      if (!refuseField(error, setError, fields)) setRefusal(sentence(error));
    }
  });
  return (
    <Section title={t`Password`} about={t`A new one ends every session but this one.`}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormAlert>{refusal}</FormAlert>
          <PasswordField
            label={t`Present password`}
            autoComplete="current-password"
            error={formState.errors.current_password?.message}
            {...register("current_password")}
          />
          <PasswordField
            label={t`New password`}
            description={t`At least ${LENGTH_MIN} characters; a sentence is a good one.`}
            autoComplete="new-password"
            error={formState.errors.new_password?.message}
            {...register("new_password")}
          />
          <SubmitButton busy={formState.isSubmitting} style={{ alignSelf: "flex-start" }}>
            <Trans>Change the password</Trans>
          </SubmitButton>
        </Stack>
      </form>
    </Section>
  );
}
