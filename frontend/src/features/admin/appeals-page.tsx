import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormAlert, useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { StateBadge } from "@/components/ui/state-badge";
import { say } from "@/components/ui/toast";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import { Choice, FilterBar } from "./filter-bar";
import type { AppealFilters, ListProps } from "./filters";
import { useAdminWords, wordOf } from "./words";

type Appeal = Awaited<ReturnType<typeof api.listAppeals>>["results"][number];

/** Those who say that a decision was wrong; who made it may not decide again. */
export function AppealsPage({ filters, onFilter }: ListProps<AppealFilters>) {
  const { t } = useLingui();
  const words = useAdminWords();
  const list = usePages(keys.admin("appeals", filters), (page) =>
    api.listAppeals({ ...filters, page }),
  );
  return (
    <>
      <PageTitle tab={t`Appeals`} />
      <FilterBar>
        <Choice
          label={t`State`}
          value={filters.state}
          words={words.appealState}
          onChange={(state) => onFilter({ state })}
        />
      </FilterBar>
      {list.isPending && <RowsSkeleton height={160} rows={3} />}
      {list.isError && !list.rows && (
        <PageError error={list.error} reset={() => void list.refetch()} />
      )}
      {list.rows?.length === 0 && <Empty title={<Trans>No appeal waits here</Trans>} />}
      <Stack gap="xl">
        {list.rows?.map((row) => (
          <AppealCard key={row.id} row={row} />
        ))}
      </Stack>
      <MoreButton more={list.more} busy={list.isFetchingNextPage} />
    </>
  );
}

function AppealCard({ row }: { row: Appeal }) {
  const { i18n } = useLingui();
  const words = useAdminWords();
  const by = row.acted_by ?? "–";
  const at = instant(row.acted_at, i18n.locale);
  const due = instant(row.due_at, i18n.locale);
  return (
    <Stack component="article" gap="xs">
      <Group gap="xs">
        <Title order={2} size="h4">
          <TextLink to="/users/$userId" params={{ userId: String(row.user_id) }} inherit>
            {row.user}
          </TextLink>
          : {wordOf(words.act, row.act)}
        </Title>
        <StateBadge tone={row.overdue ? "bad" : "plain"}>
          {row.overdue ? <Trans>Overdue</Trans> : wordOf(words.appealState, row.state)}
        </StateBadge>
      </Group>
      <Text size="sm" c="dimmed">
        <Trans>
          Decided by {by}, {at}. To be looked at again by {due}.
        </Trans>
      </Text>
      {row.reason && (
        <Text>
          <Trans>The reason then: {row.reason}</Trans>
        </Text>
      )}
      <blockquote className={classes.quote} dir="auto">
        {row.text}
      </blockquote>
      {row.state === "open" ? <DecideAppeal row={row} /> : <Text>{row.note}</Text>}
    </Stack>
  );
}

function DecideAppeal({ row }: { row: Appeal }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const sentence = useSentence();
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: (decision: "granted" | "denied") =>
      api.decideAppeal(row.id, { decision, note: note.trim() }),
    onSuccess: () => say(t`The appeal is decided.`),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <Stack gap="xs">
      <FormAlert>{decide.error && sentence(decide.error)}</FormAlert>
      <Textarea
        label={t`Note`}
        maxLength={2000}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group>
        <Button
          mih={44}
          loading={decide.isPending && decide.variables === "granted"}
          disabled={decide.isPending}
          onClick={() => decide.mutate("granted")}
        >
          <Trans>Grant it: the decision is undone</Trans>
        </Button>
        <Button
          variant="default"
          mih={44}
          loading={decide.isPending && decide.variables === "denied"}
          disabled={decide.isPending}
          onClick={() => decide.mutate("denied")}
        >
          <Trans>Deny it: the decision stands</Trans>
        </Button>
      </Group>
    </Stack>
  );
}
