import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconBan } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { ButtonLink, TextLink } from "@/components/ui/links";
import { complain, say } from "@/components/ui/toast";
import { Composer } from "./composer";
import { useBlocks, useConversation, useThread } from "./message-queries";
import classes from "./messages.module.css";
import { Thread } from "./thread";

const AskDialog = lazy(async () => ({
  default: (await import("@/components/ui/ask-dialog")).AskDialog,
}));

/** Who one writes with; what the list of conversations does not know, the messages do. */
function useOther(id: number, meId: number) {
  const conversation = useConversation(id);
  const { rows } = useThread(id);
  const first = rows?.[0];
  if (conversation) return { ...conversation.other_party, conversation };
  if (!first) return null;
  const isMine = first.sender_id === meId;
  return {
    id: isMine ? first.recipient_id : first.sender_id,
    username: isMine ? first.recipient : first.sender,
    conversation: null,
  };
}

/** One conversation: with whom, about what, what was said, and what to say. */
export function ConversationView({ id, meId }: { id: number; meId: number }) {
  const { t } = useLingui();
  const other = useOther(id, meId);
  const about = other?.conversation?.about ?? null;
  return (
    <Stack component="section" gap="sm">
      <Group className={classes.back}>
        <ButtonLink
          to="/messages"
          variant="subtle"
          leftSection={<IconArrowLeft size={18} aria-hidden />}
        >
          <Trans>All conversations</Trans>
        </ButtonLink>
      </Group>
      {other && (
        <Group justify="space-between" wrap="nowrap">
          <div>
            <Title order={2} size="h3">
              <TextLink
                to="/users/$userId"
                params={{ userId: String(other.id) }}
                c="inherit"
                inherit
              >
                {other.username}
              </TextLink>
            </Title>
            {about && (
              <TextLink to="/auctions/$auctionId" params={{ auctionId: String(about.auction_id) }}>
                {about.title ?? t`A listing that is gone`}
              </TextLink>
            )}
          </div>
          <BlockButton user={other} blocked={other.conversation?.blocked ?? false} />
        </Group>
      )}
      <Thread conversationId={id} meId={meId} />
      {other?.conversation?.blocked && (
        <Text>
          <Trans>You have blocked {other.username}: neither of you can write to the other.</Trans>
        </Text>
      )}
      {other && !other.conversation?.blocked && (
        <Composer
          recipient={other.id}
          recipientName={other.username}
          auctionId={about?.auction_id ?? null}
        />
      )}
    </Stack>
  );
}

function BlockButton(props: { user: { id: number; username: string }; blocked: boolean }) {
  const { t } = useLingui();
  const { block, unblock } = useBlocks();
  const [asking, setAsking] = useState(false);
  const { id, username } = props.user;
  const failed = () => complain(t`This did not work. Nothing has changed; try again.`);
  if (props.blocked) {
    return (
      <Button
        variant="default"
        mih={44}
        loading={unblock.isPending}
        onClick={() => unblock.mutate(id, { onError: failed })}
      >
        <Trans>Take the block back</Trans>
      </Button>
    );
  }
  const confirm = () =>
    block.mutate(id, {
      onSuccess: () => {
        setAsking(false);
        say(t`${username} is blocked.`);
      },
      onError: failed,
    });
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        c="inherit"
        mih={44}
        leftSection={<IconBan size={18} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        <Trans>Block</Trans>
      </Button>
      <Suspense>
        {asking && (
          <AskDialog
            opened
            danger
            title={t`Block ${username}?`}
            confirm={t`Block`}
            busy={block.isPending}
            onConfirm={confirm}
            onClose={() => setAsking(false)}
          >
            <Trans>No message will pass between you any more. You can take it back later.</Trans>
          </AskDialog>
        )}
      </Suspense>
    </>
  );
}
