import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/errors";
import { FormAlert, useSentence } from "@/components/ui/form";
import { ButtonLink } from "@/components/ui/links";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { AuthCard } from "./auth-card";
import { useMailedToken } from "./mailed-token";
import { useAuth } from "./use-auth";

/**
 * Confirms an address by a mailed link. Only on a press: programs that look through mails open
 * links too, and a link works once.
 */
export function VerifyPage() {
  const { t } = useLingui();
  const token = useMailedToken();
  const sentence = useSentence();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: () => api.verifyEmail({ token: token ?? "" }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.security("all") }),
  });
  const isDead =
    token === null || (confirm.error instanceof ApiError && confirm.error.code === "link_invalid");
  return (
    <AuthCard title={t`Confirm your e-mail address`}>
      {confirm.isSuccess && (
        <Stack role="status">
          <Text>
            <Trans>Thank you: your address is confirmed.</Trans>
          </Text>
          <ButtonLink to="/search">
            <Trans>See the auctions</Trans>
          </ButtonLink>
        </Stack>
      )}
      {!confirm.isSuccess && isDead && <DeadLink />}
      {!confirm.isSuccess && !isDead && (
        <Stack>
          <Text>
            <Trans>One press, and we know that mails to this address reach you.</Trans>
          </Text>
          <FormAlert>{confirm.error && sentence(confirm.error)}</FormAlert>
          <Button mih={44} loading={confirm.isPending} onClick={() => confirm.mutate()}>
            <Trans>Confirm my address</Trans>
          </Button>
        </Stack>
      )}
    </AuthCard>
  );
}

function DeadLink() {
  const { me } = useAuth();
  const sentence = useSentence();
  const again = useMutation({ mutationFn: () => api.resendVerification() });
  return (
    <Stack>
      <Text role="alert">
        <Trans>This link was used already, is older than three days, or is not complete.</Trans>
      </Text>
      <FormAlert>{again.error && sentence(again.error)}</FormAlert>
      {again.isSuccess && (
        <Text role="status">
          <Trans>Another mail is on its way.</Trans>
        </Text>
      )}
      {me && !again.isSuccess && (
        <Button mih={44} loading={again.isPending} onClick={() => again.mutate()}>
          <Trans>Send me another one</Trans>
        </Button>
      )}
      {me === null && (
        <ButtonLink to="/login" search={{ next: "/settings" }}>
          <Trans>Log in to get another one</Trans>
        </ButtonLink>
      )}
    </Stack>
  );
}
