import { useLingui } from "@lingui/react/macro";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "@/api/errors";
import { useSentence } from "@/components/ui/form";
import { PasswordField } from "@/components/ui/password-field";

const AskDialog = lazy(async () => ({
  default: (await import("@/components/ui/ask-dialog")).AskDialog,
}));

type Act = (password: string | null) => Promise<void>;

/**
 * Does what the house does only for a fresh login: at once where it may, else after the password
 * was asked for. `run` resolves to the sentence of what went wrong, or null; show `dialog`.
 */
export function useIdentity() {
  const { t } = useLingui();
  const sentence = useSentence();
  const [waiting, setWaiting] = useState<Act | null>(null);
  const [password, setPassword] = useState("");
  const [refused, setRefused] = useState<string>();
  const [busy, setBusy] = useState(false);

  const run = async (act: Act): Promise<string | null> => {
    try {
      await act(null);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "password_required") {
        return sentence(error);
      }
      setPassword("");
      setRefused(undefined);
      setWaiting(() => act);
    }
    return null;
  };

  const confirm = async () => {
    if (waiting === null || busy) return;
    setBusy(true);
    try {
      await waiting(password);
      setWaiting(null);
    } catch (error) {
      setRefused(sentence(error));
    } finally {
      setBusy(false);
    }
  };

  const dialog = (
    <Suspense>
      {waiting !== null && (
        <AskDialog
          opened
          title={t`Is it you?`}
          confirm={t`Go on`}
          busy={busy}
          refused={refused}
          onConfirm={() => void confirm()}
          onClose={() => setWaiting(null)}
        >
          <PasswordField
            data-autofocus
            label={t`Your password`}
            description={t`You logged in a while ago; this is to be sure.`}
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </AskDialog>
      )}
    </Suspense>
  );
  return { run, dialog };
}
