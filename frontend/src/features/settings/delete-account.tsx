import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useSentence } from "@/components/ui/form";
import { PasswordField } from "@/components/ui/password-field";
import { Section } from "@/components/ui/section";
import { say } from "@/components/ui/toast";
import { useAuth } from "@/features/auth/use-auth";
import { api } from "@/services/session";

const AskDialog = lazy(async () => ({
  default: (await import("@/components/ui/ask-dialog")).AskDialog,
}));

/** The end of an account, for good. The house says what has to be finished first. */
export function DeleteAccount({ hasSecondFactor }: { hasSecondFactor: boolean }) {
  const { t } = useLingui();
  const { logout } = useAuth();
  const sentence = useSentence();
  const [asking, setAsking] = useState(false);
  const [proof, setProof] = useState("");
  const remove = useMutation({
    mutationFn: () =>
      api.deleteMeBy(hasSecondFactor ? { code: proof.trim() } : { password: proof }),
    onSuccess: async () => {
      say(t`Your account is deleted.`);
      await logout();
    },
  });
  return (
    <Section
      title={t`Delete the account`}
      about={t`For good. Bids, sales and invoices stay without your name; everything else is erased.`}
    >
      <Button
        variant="default"
        c="var(--mantine-color-error)"
        mih={44}
        style={{ alignSelf: "flex-start" }}
        onClick={() => setAsking(true)}
      >
        <Trans>Delete my account</Trans>
      </Button>
      <Suspense>
        {asking && (
          <AskDialog
            opened
            danger
            title={t`Delete your account?`}
            confirm={t`Delete it for good`}
            busy={remove.isPending}
            refused={remove.error ? sentence(remove.error) : undefined}
            onConfirm={() => remove.mutate()}
            onClose={() => setAsking(false)}
          >
            <Text>
              <Trans>This cannot be undone, by us neither.</Trans>
            </Text>
            {hasSecondFactor ? (
              <TextInput
                data-autofocus
                label={t`A code of your authenticator app, or a recovery code`}
                autoComplete="one-time-code"
                size="md"
                required
                value={proof}
                onChange={(event) => setProof(event.currentTarget.value)}
              />
            ) : (
              <PasswordField
                data-autofocus
                label={t`Your password`}
                autoComplete="current-password"
                required
                value={proof}
                onChange={(event) => setProof(event.currentTarget.value)}
              />
            )}
          </AskDialog>
        )}
      </Suspense>
    </Section>
  );
}
