import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import { piecesOf } from "./linked-text";
import classes from "./mailbox-page.module.css";

/** The mails of a demo, which sends none into the world. */
export function MailboxPage({ mailId }: { mailId: number | undefined }) {
  const { t, i18n } = useLingui();
  const list = usePages(keys.messages("mailbox"), (page) => api.listDemoMails({ page }));
  if (list.isError && !list.rows) {
    return (
      <>
        <PageTitle tab={t`Mailbox`} />
        <PageError error={list.error} reset={() => void list.refetch()} />
      </>
    );
  }
  return (
    <>
      <PageTitle tab={t`Mailbox`} />
      <Text mb="md">
        <Trans>This demo sends no mail into the world. What it would have sent you is here.</Trans>
      </Text>
      <div className={classes.page}>
        <div>
          {list.isPending && <RowsSkeleton />}
          {list.rows?.length === 0 && (
            <Empty title={<Trans>No mail yet</Trans>}>
              <Trans>Win an auction, or ask for a new password, and one arrives.</Trans>
            </Empty>
          )}
          <ul className={classes.list}>
            {list.rows?.map((mail) => (
              <li key={mail.id}>
                <Link
                  to="/mailbox"
                  search={{ mail: mail.id }}
                  className={classes.mail}
                  activeProps={{}}
                  aria-current={mail.id === mailId ? "page" : undefined}
                >
                  {mail.subject}
                  <Text size="sm" c="dimmed" component="span" display="block">
                    {mail.to} · {instant(mail.sent_at, i18n.locale)}
                  </Text>
                </Link>
              </li>
            ))}
          </ul>
          <MoreButton more={list.more} busy={list.isFetchingNextPage} />
        </div>
        {mailId !== undefined && <Mail key={mailId} id={mailId} />}
      </div>
    </>
  );
}

function Mail({ id }: { id: number }) {
  const { i18n } = useLingui();
  const mail = useQuery({
    queryKey: keys.messages("mail", { id }),
    queryFn: () => api.getDemoMail(id),
  });
  if (mail.isPending) return <Skeleton height={240} />;
  if (mail.isError) return <PageError error={mail.error} reset={() => void mail.refetch()} />;
  const { subject, to, sent_at, text } = mail.data;
  return (
    <Stack component="article" gap="sm">
      <Title order={2} size="h3">
        {subject}
      </Title>
      <Text size="sm" c="dimmed">
        {to} · {instant(sent_at, i18n.locale)}
      </Text>
      <pre className={classes.text} dir="auto">
        {piecesOf(text, window.location.origin).map((piece, index) =>
          piece.path === null ? (
            piece.text
          ) : (
            <a key={index} href={piece.path}>
              {piece.text}
            </a>
          ),
        )}
      </pre>
    </Stack>
  );
}
