import { Trans, useLingui } from "@lingui/react/macro";
import { Button, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef } from "react";
import { PageError } from "@/components/ui/page-states";
import { RowsSkeleton } from "@/components/ui/rows";
import { instant } from "@/lib/time";
import { type Message, useReading, useThread } from "./message-queries";
import classes from "./messages.module.css";

/** What was said, the newest at the bottom and in sight. */
export function Thread({ conversationId, meId }: { conversationId: number; meId: number }) {
  const { t } = useLingui();
  const thread = useThread(conversationId);
  useReading(thread.rows, meId);
  const box = useRef<HTMLOListElement>(null);
  const newest = thread.rows?.[0]?.id;
  useEffect(() => {
    if (newest !== undefined) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [newest]);

  if (thread.isPending) return <RowsSkeleton rows={4} />;
  if (thread.isError && !thread.rows) {
    return <PageError error={thread.error} reset={() => void thread.refetch()} />;
  }
  return (
    <ol
      ref={box}
      className={classes.thread}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      aria-label={t`Messages`}
      aria-live="polite"
    >
      {thread.more && (
        <li>
          <Button
            variant="subtle"
            fullWidth
            mih={44}
            loading={thread.isFetchingNextPage}
            onClick={thread.more}
          >
            <Trans>Show earlier messages</Trans>
          </Button>
        </li>
      )}
      {thread.rows?.toReversed().map((message) => (
        <MessageRow key={message.id} message={message} isMine={message.sender_id === meId} />
      ))}
    </ol>
  );
}

function MessageRow({ message, isMine }: { message: Message; isMine: boolean }) {
  const { t, i18n } = useLingui();
  return (
    <li className={classes.message} data-mine={isMine || undefined}>
      <VisuallyHidden>{isMine ? t`You:` : t`${message.sender}:`}</VisuallyHidden>
      <p className={classes.body} dir="auto">
        {message.body}
      </p>
      {message.attachments.length > 0 && (
        <div className={classes.pictures}>
          {message.attachments.map((picture, index) => (
            <a key={picture.id} href={picture.image} target="_blank" rel="noreferrer">
              <img
                src={picture.thumbnails.small}
                width={120}
                height={120}
                loading="lazy"
                alt={t`Attachment ${index + 1}, opens in full`}
              />
            </a>
          ))}
        </div>
      )}
      <p className={classes.meta}>
        <time dateTime={message.created_at}>{instant(message.created_at, i18n.locale)}</time>
        {isMine && message.read_at !== null && (
          <>
            {" · "}
            <Trans>Read</Trans>
          </>
        )}
      </p>
    </li>
  );
}
