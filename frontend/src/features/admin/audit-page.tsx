import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useSentence } from "@/components/ui/form";
import { PageTitle } from "@/components/ui/page-title";
import { complain } from "@/components/ui/toast";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import { AdminList } from "./admin-list";
import { Choice, FilterBar, Words } from "./filter-bar";
import { type AuditFilters, idOf, type ListProps } from "./filters";
import { useAdminWords, wordOf } from "./words";

type Entry = Awaited<ReturnType<typeof api.listAuditEntries>>["results"][number];

/** Every act of staff, with what was before and after it. */
export function AuditPage({ filters, onFilter }: ListProps<AuditFilters>) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const list = usePages(keys.admin("audit", filters), (page) =>
    api.listAuditEntries({ ...filters, page } as never),
  );
  return (
    <>
      <Group justify="space-between" align="start">
        <PageTitle tab={t`Audit log`} />
        <Export filters={filters} />
      </Group>
      <FilterBar>
        <Choice
          label={t`Act`}
          value={filters.act}
          words={words.act}
          onChange={(act) => onFilter({ act })}
        />
        <Words
          label={t`Number of who did it`}
          numeric
          value={filters.actor?.toString()}
          onChange={(actor) => onFilter({ actor: idOf(actor) })}
        />
        <Words
          label={t`Number of what it was done to`}
          numeric
          value={filters.target_id?.toString()}
          onChange={(target) => onFilter({ target_id: idOf(target) })}
        />
      </FilterBar>
      <AdminList
        label={t`Audit log`}
        list={list}
        filters={filters}
        keyOf={(row) => row.id}
        columns={[
          { key: "at", head: t`When`, cell: (row) => instant(row.at, i18n.locale) },
          { key: "actor", head: t`Who`, cell: (row) => row.actor ?? t`The house` },
          { key: "act", head: t`Act`, cell: (row) => <What row={row} /> },
          { key: "change", head: t`Before → after`, cell: (row) => <Change row={row} /> },
          { key: "reason", head: t`Reason`, cell: (row) => row.reason || "–" },
        ]}
      />
    </>
  );
}

function What({ row }: { row: Entry }) {
  const words = useAdminWords();
  return (
    <>
      {wordOf(words.act, row.act)}
      {row.target_id !== null && (
        <Text size="sm" c="dimmed">
          {row.target_kind} #{row.target_id}
        </Text>
      )}
    </>
  );
}

function Change({ row }: { row: Entry }) {
  const before = row.before as Record<string, unknown>;
  const after = row.after as Record<string, unknown>;
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const shown = (value: unknown) =>
    value === undefined || value === null || value === "" ? "–" : JSON.stringify(value);
  return (
    <ul className={`${classes.list} ${classes.changes}`}>
      {names
        .filter((name) => shown(before[name]) !== shown(after[name]))
        .map((name) => (
          <li key={name}>
            {name}: {shown(before[name])} → {shown(after[name])}
          </li>
        ))}
    </ul>
  );
}

function Export({ filters }: { filters: AuditFilters }) {
  const sentence = useSentence();
  const save = useMutation({
    mutationFn: async () => {
      const table = await api.listAuditEntries(filters as never, { accept: "text/csv" });
      const address = URL.createObjectURL(new Blob([table as never], { type: "text/csv" }));
      const link = document.createElement("a");
      link.href = address;
      link.download = "audit-log.csv";
      link.click();
      URL.revokeObjectURL(address);
    },
    onError: (error) => complain(sentence(error)),
  });
  return (
    <Button
      variant="default"
      mih={44}
      loading={save.isPending}
      leftSection={<IconDownload size={18} aria-hidden />}
      onClick={() => save.mutate()}
    >
      <Trans>Export as CSV</Trans>
    </Button>
  );
}
