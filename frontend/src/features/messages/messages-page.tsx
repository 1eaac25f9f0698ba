import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { Composer } from "./composer";
import { ConversationList } from "./conversation-list";
import { ConversationView } from "./conversation-view";
import { useNews } from "./message-queries";
import classes from "./messages.module.css";

interface Props {
  meId: number;
  /** Changes whenever a notification comes in. */
  pulse: string;
  conversationId?: number;
  /** Write to this user, about this auction if any. */
  to?: number | undefined;
  auction?: number | undefined;
}

/** Conversations on one side, the open one on the other; on a phone one at a time. */
export function MessagesPage({ meId, pulse, conversationId, to, auction }: Props) {
  const { t } = useLingui();
  useNews(pulse);
  const isOpen = conversationId !== undefined || to !== undefined;
  return (
    <>
      <PageTitle tab={t`Messages`} />
      <div className={classes.page} data-open={isOpen || undefined}>
        <ConversationList />
        {conversationId !== undefined && (
          <ConversationView key={conversationId} id={conversationId} meId={meId} />
        )}
        {conversationId === undefined && to !== undefined && (
          <NewConversation to={to} auction={auction ?? null} />
        )}
        {!isOpen && (
          <Text visibleFrom="md" c="dimmed" ta="center" py="xl">
            <Trans>Choose a conversation to read it here.</Trans>
          </Text>
        )}
      </div>
    </>
  );
}

function NewConversation({ to, auction }: { to: number; auction: number | null }) {
  const navigate = useNavigate();
  const user = useQuery({ queryKey: keys.user(to), queryFn: () => api.getUser(to) });
  const about = useQuery({
    queryKey: keys.auction(auction ?? 0),
    queryFn: () => api.getAuction(auction ?? 0),
    enabled: auction !== null,
  });
  if (user.isError) return <PageError error={user.error} reset={() => void user.refetch()} />;
  const name = user.data?.username ?? "…";
  return (
    <Stack component="section">
      <Title order={2} size="h3">
        <Trans>Write to {name}</Trans>
      </Title>
      {about.data && (
        <Text>
          <Trans>About: {about.data.title}</Trans>
        </Text>
      )}
      <Composer
        recipient={to}
        recipientName={name}
        auctionId={auction}
        onSent={(id) =>
          void navigate({
            to: "/messages/$conversationId",
            params: { conversationId: String(id) },
            replace: true,
          })
        }
      />
    </Stack>
  );
}
