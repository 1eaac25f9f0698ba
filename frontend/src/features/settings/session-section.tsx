import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FormAlert, useSentence } from "@/components/ui/form";
import { RowsSkeleton } from "@/components/ui/rows";
import { Row, RowList, Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { say } from "@/components/ui/toast";
import { everyRow } from "@/lib/pages";
import { keys } from "@/lib/query";
import { relative } from "@/lib/time";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import { deviceName } from "./user-agent";

type Session = Awaited<ReturnType<typeof api.listSessions>>["results"][number];

/** Where one is logged in, and how to end that. */
export function SessionSection() {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const list = useQuery({
    queryKey: keys.security("sessions"),
    queryFn: () => everyRow((page) => api.listSessions({ page, page_size: 100 })),
  });
  const refresh = () => client.invalidateQueries({ queryKey: keys.security("sessions") });
  const end = useMutation({ mutationFn: (id: string) => api.endSession(id), onSettled: refresh });
  const endOthers = useMutation({
    mutationFn: () => api.endOtherSessions(),
    onSuccess: () => say(t`All other sessions have ended.`),
    onSettled: refresh,
  });
  const error = list.error ?? end.error ?? endOthers.error;
  const others = list.data?.filter((session) => !session.current).length ?? 0;
  return (
    <Section title={t`Where you are logged in`}>
      <FormAlert>{error && sentence(error)}</FormAlert>
      {list.isPending && <RowsSkeleton rows={2} />}
      <RowList>
        {list.data?.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            busy={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </RowList>
      {others > 0 && (
        <Button
          variant="default"
          mih={44}
          style={{ alignSelf: "flex-start" }}
          loading={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          <Trans>End all other sessions</Trans>
        </Button>
      )}
    </Section>
  );
}

function SessionRow(props: { session: Session; busy: boolean; onEnd: () => void }) {
  const { t, i18n } = useLingui();
  const { session } = props;
  const device = deviceName(session.user_agent) || t`Unknown device`;
  const used = relative(session.last_used_at, clock.now(), i18n.locale);
  const address = session.ip_address ?? t`unknown address`;
  return (
    <Row>
      <div>
        <Group gap="xs">
          <Text fw={600}>{device}</Text>
          {session.current && (
            <StateBadge tone="good">
              <Trans>This one</Trans>
            </StateBadge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          <Trans>
            Last used {used}, from {address}
          </Trans>
        </Text>
      </div>
      {!session.current && (
        <Button
          variant="default"
          mih={44}
          loading={props.busy}
          aria-label={t`End it: the session of ${device}`}
          onClick={props.onEnd}
        >
          <Trans>End it</Trans>
        </Button>
      )}
    </Row>
  );
}
