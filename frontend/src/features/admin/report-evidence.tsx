import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { FormAlert, useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import type { Report } from "./reports-page";

/** What the reporter sent along: pictures, other auctions, bids. */
export function ReportEvidence({ evidence }: { evidence: Report["evidence"] }) {
  const { t } = useLingui();
  if (evidence.length === 0) return null;
  return (
    <Group component="section" aria-label={t`Sent along`}>
      {evidence.map((item, index) => {
        const key = `${item.kind}-${item.target_id ?? item.image ?? index}`;
        if (item.image !== null) {
          return (
            <a key={key} href={item.image} target="_blank" rel="noreferrer">
              <img
                src={item.thumbnail ?? item.image}
                width={120}
                height={90}
                alt={t`Attachment ${index + 1}, opens in full`}
              />
            </a>
          );
        }
        if (item.kind !== "auction") {
          return <Text key={key}>{t`Bid #${item.target_id ?? 0}`}</Text>;
        }
        return (
          <TextLink
            key={key}
            to="/auctions/$auctionId"
            params={{ auctionId: String(item.target_id) }}
          >
            {t`Auction #${item.target_id ?? 0}`}
          </TextLink>
        );
      })}
    </Group>
  );
}

/** The conversation around a reported message; that staff read it is noted, so only when asked. */
export function ConversationEvidence({ reportId }: { reportId: number }) {
  const { t, i18n } = useLingui();
  const sentence = useSentence();
  const read = useMutation({ mutationFn: () => api.readReportedConversation(reportId) });
  if (!read.data) {
    return (
      <Stack gap="xs">
        <FormAlert>{read.error && sentence(read.error)}</FormAlert>
        <Text>
          <Trans>The message is private. That you read it stands in the audit log.</Trans>
        </Text>
        <Button
          variant="default"
          mih={44}
          style={{ alignSelf: "flex-start" }}
          loading={read.isPending}
          onClick={() => read.mutate()}
        >
          <Trans>Read the conversation</Trans>
        </Button>
      </Stack>
    );
  }
  return (
    <ol className={classes.list} aria-label={t`Conversation`}>
      {read.data.messages.map((message) => (
        <li key={message.id}>
          <blockquote className={classes.quote}>
            <strong>{message.sender}</strong> · {instant(message.created_at, i18n.locale)}
            {message.id === read.data.message_id && (
              <strong>
                {" · "}
                <Trans>Reported</Trans>
              </strong>
            )}
            {"\n"}
            {message.body}
          </blockquote>
        </li>
      ))}
    </ol>
  );
}
