import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { Empty, PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { relative } from "@/lib/time";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import { Choice, FilterBar } from "./filter-bar";
import type { ListProps, ReportFilters } from "./filters";
import { ReportView } from "./report-view";
import { useAdminWords, wordOf } from "./words";

export type Report = Awaited<ReturnType<typeof api.listReports>>["results"][number];

/** What users reported: the queue on one side, the evidence and the decision on the other. */
export function ReportsPage({ filters, onFilter }: ListProps<ReportFilters>) {
  const { t } = useLingui();
  const words = useAdminWords();
  const list = usePages(keys.admin("reports", filters), (page) =>
    api.listReports({ ...filters, page }),
  );
  return (
    <>
      <PageTitle tab={t`Reports`} />
      <FilterBar>
        <Choice
          label={t`State`}
          value={filters.state}
          words={words.reportState}
          onChange={(state) => onFilter({ state })}
        />
        <Choice
          label={t`About`}
          value={filters.kind}
          words={words.reportKind}
          onChange={(kind) => onFilter({ kind })}
        />
      </FilterBar>
      {list.isPending && <RowsSkeleton />}
      {list.isError && !list.rows && (
        <PageError error={list.error} reset={() => void list.refetch()} />
      )}
      {list.rows?.length === 0 && (
        <Empty title={<Trans>No report waits here</Trans>}>
          <Trans>What users report appears here as soon as they have sent it.</Trans>
        </Empty>
      )}
      {list.rows && list.rows.length > 0 && (
        <Queue
          rows={list.rows}
          more={<MoreButton more={list.more} busy={list.isFetchingNextPage} />}
        />
      )}
    </>
  );
}

function Queue({ rows, more }: { rows: Report[]; more: React.ReactNode }) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const [chosenId, setChosenId] = useState<number | null>(null);
  const items = useRef(new Map<number, HTMLButtonElement>());
  const at = Math.max(
    0,
    rows.findIndex((row) => row.id === chosenId),
  );
  const chosen = rows[at];

  const go = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setChosenId(row.id);
    items.current.get(row.id)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(at + step);
  };

  return (
    <div className={classes.queue}>
      <div>
        <Text size="sm" c="dimmed" mb="xs">
          <Trans>Arrow keys go up and down the queue.</Trans>
        </Text>
        <ul className={classes.list} aria-label={t`Queue of reports`} onKeyDown={onKeyDown}>
          {rows.map((row) => (
            <li key={row.id}>
              <button
                type="button"
                ref={(item) => {
                  if (item) items.current.set(row.id, item);
                  else items.current.delete(row.id);
                }}
                className={classes.report}
                aria-current={row.id === chosen?.id}
                onClick={() => setChosenId(row.id)}
              >
                <strong>{wordOf(words.reason, row.reason)}</strong> ·{" "}
                {wordOf(words.reportKind, row.kind)} #{row.target_id}
                <Text size="sm" c="dimmed">
                  {row.reporter} · {relative(row.created_at, clock.now(), i18n.locale)} ·{" "}
                  {wordOf(words.reportState, row.state)}
                </Text>
              </button>
            </li>
          ))}
        </ul>
        {more}
      </div>
      {chosen && <ReportView key={chosen.id} report={chosen} onDecided={() => go(at + 1)} />}
    </div>
  );
}
