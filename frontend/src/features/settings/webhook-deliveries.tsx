import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { PageError } from "@/components/ui/page-states";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { Row, RowList } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";

/** What was sent to a webhook, the newest first; any of it can be sent again. */
export function Deliveries({ webhookId }: { webhookId: number }) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const key = keys.security(`deliveries-${webhookId}`);
  const list = usePages(key, (page) => api.listWebhookDeliveries(webhookId, { page }));
  const again = useMutation({
    mutationFn: (id: number) => api.replayWebhookDelivery(id),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  const words = { pending: t`On its way`, delivered: t`Delivered`, failed: t`Failed` };
  const colors = { pending: "plain", delivered: "good", failed: "bad" } as const;
  if (list.isPending) return <RowsSkeleton rows={2} />;
  if (list.isError) return <PageError error={list.error} reset={() => void list.refetch()} />;
  if (list.rows?.length === 0) {
    return (
      <Text>
        <Trans>Nothing was sent yet.</Trans>
      </Text>
    );
  }
  return (
    <>
      <RowList>
        {list.rows?.map((row) => (
          <Row key={row.id}>
            <Group gap="xs">
              <StateBadge tone={colors[row.status]}>{words[row.status]}</StateBadge>
              <Text size="sm">
                {row.kind} · {instant(row.created_at, i18n.locale)}
              </Text>
            </Group>
            {row.status !== "pending" && (
              <Button
                variant="default"
                mih={44}
                loading={again.isPending && again.variables === row.id}
                onClick={() => again.mutate(row.id)}
              >
                <Trans>Send again</Trans>
              </Button>
            )}
          </Row>
        ))}
      </RowList>
      <MoreButton more={list.more} busy={list.isFetchingNextPage} />
    </>
  );
}
