import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Skeleton, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { DataTable } from "@/components/ui/data-table";
import { FormAlert, useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { StateBadge } from "@/components/ui/state-badge";
import { say } from "@/components/ui/toast";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import { CaseGraph } from "./case-graph";
import { CaseTimeline } from "./case-timeline";
import { useAdminWords, wordOf } from "./words";

export type Case = Awaited<ReturnType<typeof api.getRiskCase>>;
type Decision = Parameters<typeof api.decideRiskCase>[1]["decision"];

/** One suspicion: its evidence, in words, figures and time, beside the decision. */
export function CasePage({ id }: { id: number }) {
  const found = useQuery({
    queryKey: keys.admin("case", { id }),
    queryFn: () => api.getRiskCase(id),
  });
  if (found.isPending) return <Skeleton height={640} />;
  if (found.isError) return <PageError error={found.error} reset={() => void found.refetch()} />;
  return <CaseView row={found.data} />;
}

function CaseView({ row }: { row: Case }) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const number = (value: number | null) =>
    value === null
      ? "–"
      : new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 2 }).format(value);
  return (
    <Stack>
      <TextLink to="/admin/risk">
        <Trans>All suspicions</Trans>
      </TextLink>
      <PageTitle tab={wordOf(words.caseKind, row.kind)} />
      <Group>
        <StateBadge tone={row.state === "open" ? "warn" : "plain"}>
          {wordOf(words.caseState, row.state)}
        </StateBadge>
        {row.state === "deposit" && (
          <TextLink to="/admin/deposits">
            <Trans>Who needs a deposit</Trans>
          </TextLink>
        )}
        {row.score !== null && <Text fw={600}>{t`Score ${number(row.score)} of 10`}</Text>}
        <TextLink to="/users/$userId" params={{ userId: String(row.user_id) }}>
          {row.user}
        </TextLink>
        {row.seller_id !== null && (
          <TextLink to="/users/$userId" params={{ userId: String(row.seller_id) }}>
            {t`Seller: ${row.seller ?? ""}`}
          </TextLink>
        )}
        {row.auction_id !== null && (
          <TextLink to="/auctions/$auctionId" params={{ auctionId: String(row.auction_id) }}>
            {t`Auction #${row.auction_id}`}
          </TextLink>
        )}
      </Group>
      <Text>{row.summary}</Text>
      <Decide row={row} />
      {row.parts.length > 0 && (
        <section>
          <Title order={2} size="h4" mb="xs">
            <Trans>What it is made of</Trans>
          </Title>
          <DataTable
            label={t`What it is made of`}
            rows={row.parts}
            keyOf={(part) => part.name}
            columns={[
              { key: "what", head: t`Sign`, cell: (part) => part.sentence },
              { key: "rating", head: t`Rating`, end: true, cell: (part) => number(part.rating) },
              { key: "weight", head: t`Weight`, end: true, cell: (part) => number(part.weight) },
              { key: "points", head: t`Points`, end: true, cell: (part) => number(part.points) },
            ]}
          />
        </section>
      )}
      <CaseGraph graph={row.graph} />
      <CaseTimeline timeline={row.timeline} />
    </Stack>
  );
}

function Decide({ row }: { row: Case }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [note, setNote] = useState(row.note);
  const decide = useMutation({
    mutationFn: (decision: Decision) => api.decideRiskCase(row.id, { decision, note: note.trim() }),
    onSuccess: () => say(t`The suspicion is decided.`),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  const choices: [Decision, string][] = [
    ["dismiss", t`Nothing is wrong`],
    ["watch", t`Watch on`],
    ["require_deposit", t`Demand a deposit`],
  ];
  return (
    <Stack gap="xs" maw={560}>
      <FormAlert>{decide.error && sentence(decide.error)}</FormAlert>
      <Textarea
        label={t`Note`}
        description={t`For the audit log.`}
        maxLength={2000}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group>
        {choices.map(([decision, word]) => (
          <Button
            key={decision}
            variant="default"
            mih={44}
            disabled={decide.isPending}
            loading={decide.isPending && decide.variables === decision}
            onClick={() => decide.mutate(decision)}
          >
            {word}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
