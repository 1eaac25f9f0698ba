import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { FormAlert, SubmitButton, useSentence } from "@/components/ui/form";
import { ButtonLink } from "@/components/ui/links";
import { PageTitle } from "@/components/ui/page-title";
import { day } from "@/lib/time";
import { api } from "@/services/session";

const LENGTH_MAX = 2000;

interface Props {
  /** Of the mailed link, for who is shut out. */
  token: string | null;
  /** Of the notification, for who is logged in. */
  reportId: number | undefined;
}

/** Says why a decision of staff is wrong; somebody else of them looks at it. */
export function AppealPage({ token, reportId }: Props) {
  const { t, i18n } = useLingui();
  const sentence = useSentence();
  const [text, setText] = useState("");
  const appeal = useMutation({
    mutationFn: () =>
      token === null
        ? api.appealReport(reportId ?? 0, { text: text.trim() })
        : api.appealByLink({ token, text: text.trim() }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!appeal.isPending) appeal.mutate();
  };
  const due = appeal.data && day(appeal.data.due_at, i18n.locale);
  return (
    <Stack maw={560} mx="auto" gap="md">
      <PageTitle tab={t`Appeal`} />
      {token === null && reportId === undefined && (
        <Stack role="alert">
          <Text>
            <Trans>Follow the link of the mail you got: this address is not complete.</Trans>
          </Text>
          <ButtonLink to="/">
            <Trans>Home page</Trans>
          </ButtonLink>
        </Stack>
      )}
      {(token !== null || reportId !== undefined) && !appeal.isSuccess && (
        <form onSubmit={submit}>
          <Stack>
            <Text>
              <Trans>
                Tell us why the decision is wrong. Somebody of our staff who did not make it reads
                this and decides again. You can appeal once.
              </Trans>
            </Text>
            <FormAlert>{appeal.error && sentence(appeal.error)}</FormAlert>
            <Textarea
              label={t`What happened, as you see it`}
              required
              autosize
              minRows={5}
              maxLength={LENGTH_MAX}
              size="md"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <SubmitButton
              busy={appeal.isPending}
              disabled={text.trim() === ""}
              style={{ alignSelf: "flex-start" }}
            >
              <Trans>Send the appeal</Trans>
            </SubmitButton>
          </Stack>
        </form>
      )}
      {appeal.isSuccess && (
        <Text role="status">
          <Trans>Your appeal has arrived. We decide by {due} and write to you.</Trans>
        </Text>
      )}
    </Stack>
  );
}
