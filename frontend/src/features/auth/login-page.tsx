import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { TextLink } from "@/components/ui/links";
import { AuthCard } from "./auth-card";
import { LoginForm } from "./login-form";
import { safeNext } from "./next-path";
import { RegisterForm } from "./register-form";
import { useAuth } from "./use-auth";

/** Goes on to where somebody came from, once; also for who is logged in already. */
function useGoOn(next: string | undefined): () => void {
  const { me } = useAuth();
  const router = useRouter();
  const isGone = useRef(false);
  const go = () => {
    if (isGone.current) return;
    isGone.current = true;
    router.history.replace(safeNext(next));
  };
  const goSoon = useRef(go);
  goSoon.current = go;
  useEffect(() => {
    if (me) goSoon.current();
  }, [me]);
  return go;
}

/** The page to come in by. */
export function LoginPage({ next }: { next?: string | undefined }) {
  const { t } = useLingui();
  const goOn = useGoOn(next);
  return (
    <AuthCard title={t`Log in`}>
      <LoginForm onDone={goOn} />
      <Text ta="center">
        <Trans>
          New here?{" "}
          <TextLink to="/register" search={next ? { next } : {}}>
            Create an account
          </TextLink>
        </Trans>
      </Text>
    </AuthCard>
  );
}

/** The page to become somebody by. */
export function RegisterPage({ next }: { next?: string | undefined }) {
  const { t } = useLingui();
  const goOn = useGoOn(next);
  return (
    <AuthCard title={t`Create an account`}>
      <RegisterForm onDone={goOn} />
      <Text ta="center">
        <Trans>
          Already have one?{" "}
          <TextLink to="/login" search={next ? { next } : {}}>
            Log in
          </TextLink>
        </Trans>
      </Text>
    </AuthCard>
  );
}
