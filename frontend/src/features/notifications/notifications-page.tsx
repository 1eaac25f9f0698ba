import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, SegmentedControl } from "@mantine/core";
import { IconChecks } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ButtonLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { complain } from "@/components/ui/toast";
import { siteQuery } from "@/services/site-query";
import { NotificationRow } from "./notification-row";
import classes from "./notifications-page.module.css";
import { useMarkRead, useNotificationList } from "./use-notification-list";

/** Everything one was told, newest first; goes on by itself while it is open. */
export function NotificationsPage() {
  const { t } = useLingui();
  const [show, setShow] = useState("all");
  const list = useNotificationList(show === "unread");
  const { one, all } = useMarkRead();
  const isDemo = (useQuery(siteQuery()).data?.demo_accounts.length ?? 0) > 0;
  return (
    <>
      <PageTitle tab={t`Notifications`} />
      <Group justify="space-between" mb="md">
        <SegmentedControl
          aria-label={t`Which notifications`}
          value={show}
          onChange={setShow}
          size="md"
          data={[
            { value: "all", label: t`All` },
            { value: "unread", label: t`Unread (${list.unread})` },
          ]}
        />
        <Group>
          <Button
            variant="default"
            mih={44}
            leftSection={<IconChecks size={18} aria-hidden />}
            disabled={list.unread === 0}
            loading={all.isPending}
            onClick={() =>
              all.mutate(undefined, {
                onError: () => complain(t`This did not work. Nothing was marked; try again.`),
              })
            }
          >
            <Trans>Mark all as read</Trans>
          </Button>
          {isDemo && (
            <ButtonLink to="/mailbox" variant="subtle">
              <Trans>Mails of the demo</Trans>
            </ButtonLink>
          )}
          <ButtonLink to="/settings" search={{ tab: "notifications" }} variant="subtle">
            <Trans>Choose what to hear of</Trans>
          </ButtonLink>
        </Group>
      </Group>
      {list.isPending && <RowsSkeleton />}
      {list.isError && <PageError error={list.error} reset={() => void list.refetch()} />}
      {list.rows?.length === 0 && <NothingNew unreadOnly={show === "unread"} />}
      {list.rows && list.rows.length > 0 && (
        <ul className={classes.list}>
          {list.rows.map((row) => (
            <NotificationRow key={row.id} row={row} onRead={() => one.mutate(row.id)} />
          ))}
        </ul>
      )}
      <MoreButton more={list.more} busy={list.isFetchingNextPage} />
    </>
  );
}

function NothingNew({ unreadOnly }: { unreadOnly: boolean }) {
  if (unreadOnly) return <Empty title={<Trans>You have read everything</Trans>} />;
  return (
    <Empty title={<Trans>Nothing has happened yet</Trans>}>
      <Trans>Watch an auction or bid in one, and you hear of it here.</Trans>
      <ButtonLink to="/search">
        <Trans>Find an auction</Trans>
      </ButtonLink>
    </Empty>
  );
}
