import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FormAlert, useSentence } from "@/components/ui/form";
import { PageError } from "@/components/ui/page-states";
import { Row, RowList, Section } from "@/components/ui/section";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import { DeleteAccount } from "./delete-account";

type Copy = Awaited<ReturnType<typeof api.listExports>>["results"][number];
const KEY = keys.security("exports");
const ASK_AGAIN_MS = 5_000;

/** A copy of everything the house knows of one, and the end of the account. */
export function PersonalData({ hasSecondFactor }: { hasSecondFactor: boolean }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const list = useQuery({
    queryKey: KEY,
    queryFn: () => api.listExports(),
    refetchInterval: ({ state }) =>
      state.data?.results.some((copy) => copy.state === "waiting") ? ASK_AGAIN_MS : false,
  });
  const ask = useMutation({
    mutationFn: () => api.requestExport(),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const copies = list.data?.results ?? [];
  return (
    <>
      <Section
        title={t`A copy of your data`}
        about={t`Everything we keep about you, as files to take with you.`}
      >
        {list.isError && <PageError error={list.error} reset={() => void list.refetch()} />}
        <FormAlert>{ask.error && sentence(ask.error)}</FormAlert>
        <RowList>
          {copies.map((copy) => (
            <CopyRow key={copy.id} copy={copy} />
          ))}
        </RowList>
        <Button
          variant="default"
          mih={44}
          style={{ alignSelf: "flex-start" }}
          loading={ask.isPending}
          disabled={copies.some((copy) => copy.state === "waiting")}
          onClick={() => ask.mutate()}
        >
          <Trans>Make me a copy</Trans>
        </Button>
      </Section>
      <DeleteAccount hasSecondFactor={hasSecondFactor} />
    </>
  );
}

function CopyRow({ copy }: { copy: Copy }) {
  const { t, i18n } = useLingui();
  const asked = instant(copy.requested_at, i18n.locale);
  const until = copy.expires_at && instant(copy.expires_at, i18n.locale);
  const words = {
    waiting: t`Being made; you may leave this page.`,
    ready: until ? t`Ready until ${until}` : t`Ready`,
    failed: t`It could not be made. Ask for another one.`,
  };
  return (
    <Row>
      <div>
        <Text fw={600}>
          <Trans>Asked for {asked}</Trans>
        </Text>
        <Text size="sm" c="dimmed" role="status">
          {words[copy.state]}
        </Text>
      </div>
      {copy.download_url !== null && (
        <Button component="a" href={copy.download_url} mih={44} variant="default" download>
          <Trans>Download</Trans>
        </Button>
      )}
    </Row>
  );
}
