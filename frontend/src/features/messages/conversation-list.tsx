import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Avatar, Badge, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { relative } from "@/lib/time";
import { clock } from "@/services/clock";
import { type Conversation, useConversations } from "./message-queries";
import classes from "./messages.module.css";

/** All conversations, with what was said last. */
export function ConversationList() {
  const { t } = useLingui();
  const list = useConversations();
  return (
    <nav className={classes.conversations} aria-label={t`Conversations`}>
      {list.isPending && <RowsSkeleton rows={5} height={80} />}
      {list.isError && <PageError error={list.error} reset={() => void list.refetch()} />}
      {list.rows?.length === 0 && (
        <Empty title={<Trans>No messages yet</Trans>}>
          <Trans>Ask a seller about something he offers, and you find the answer here.</Trans>
          <ButtonLink to="/search">
            <Trans>Find an auction</Trans>
          </ButtonLink>
        </Empty>
      )}
      <ul>
        {list.rows?.map((row) => (
          <li key={row.id}>
            <ConversationRow row={row} />
          </li>
        ))}
      </ul>
      <MoreButton more={list.more} busy={list.isFetchingNextPage} />
    </nav>
  );
}

function ConversationRow({ row }: { row: Conversation }) {
  const { t, i18n } = useLingui();
  const last = row.last_message;
  const said = last.body || t`A picture`;
  return (
    <Link
      to="/messages/$conversationId"
      params={{ conversationId: String(row.id) }}
      className={`${classes.conversation} ${row.unread_count > 0 ? classes.unread : ""}`}
    >
      <Avatar name={row.other_party.username} color="gray.8" variant="filled" alt="" size={40} />
      <span className={classes.who}>{row.other_party.username}</span>
      <time className={classes.faint} dateTime={last.created_at}>
        {relative(last.created_at, clock.now(), i18n.locale)}
      </time>
      {row.about && (
        <span className={classes.about} dir="auto">
          {row.about.title ?? t`A listing that is gone`}
        </span>
      )}
      <span className={classes.line} dir="auto">
        {row.unread_count > 0 && (
          <Badge size="sm" color="indigo.8" circle={row.unread_count < 10} me={6}>
            {row.unread_count}
            <VisuallyHidden>
              {" "}
              <Plural value={row.unread_count} one="unread message" other="unread messages" />
            </VisuallyHidden>
          </Badge>
        )}
        {last.sender_id === row.other_party.id ? said : t`You: ${said}`}
      </span>
    </Link>
  );
}
