import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { useSentence } from "@/components/ui/form";
import { api } from "@/services/session";
import { useAuth } from "./use-auth";

const isPossible = typeof window !== "undefined" && "PublicKeyCredential" in window;

/** Logs in with a passkey, where the browser knows them. */
export function PasskeyButton(props: {
  onDone: () => void;
  onRefusal: (sentence: string | null) => void;
}) {
  const { t } = useLingui();
  const { loginWithPasskey } = useAuth();
  const sentence = useSentence();
  const [busy, setBusy] = useState(false);
  if (!isPossible) return null;

  const begin = async () => {
    setBusy(true);
    props.onRefusal(null);
    try {
      const { startAuthentication } = await import("@simplewebauthn/browser");
      const optionsJSON = (await api.beginPasskeyLogIn()) as never;
      const credential = await startAuthentication({ optionsJSON });
      await loginWithPasskey({ credential });
      props.onDone();
    } catch (error) {
      const isGivenUp = error instanceof Error && error.name === "NotAllowedError";
      props.onRefusal(
        isGivenUp ? t`No passkey was used. Try again, or use your password.` : sentence(error),
      );
    } finally {
      setBusy(false);
    }
  };

  return (
    <Button
      variant="default"
      mih={44}
      fullWidth
      loading={busy}
      leftSection={<IconFingerprint size={20} aria-hidden />}
      onClick={() => void begin()}
    >
      <Trans>Log in with a passkey</Trans>
    </Button>
  );
}
