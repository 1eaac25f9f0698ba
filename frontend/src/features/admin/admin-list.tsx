import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Empty, PageError } from "@/components/ui/page-states";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import type { usePages } from "@/lib/pages";

interface Props<Item> {
  label: string;
  list: ReturnType<typeof usePages<Item>>;
  columns: readonly Column<Item>[];
  keyOf: (row: Item) => string | number;
  /** What the list was narrowed by, if it can be. */
  filters?: object;
  /** What stands in place of no rows, where it is not the filters that leave none. */
  empty?: ReactNode;
}

/** A list of the back office in any state: on its way, empty, refused, there. */
export function AdminList<Item>({ label, list, columns, keyOf, filters, empty }: Props<Item>) {
  const { i18n } = useLingui();
  if (list.isPending) return <RowsSkeleton height={52} />;
  if (list.isError && !list.rows) {
    return <PageError error={list.error} reset={() => void list.refetch()} />;
  }
  const rows = list.rows ?? [];
  if (rows.length === 0) {
    const isNarrowed = Object.values(filters ?? {}).some((value) => value !== undefined);
    if (!isNarrowed) return empty ?? <Empty title={<Trans>There is nothing here yet</Trans>} />;
    return (
      <Empty title={<Trans>Nothing fits these filters</Trans>}>
        <Trans>Choose “All” in some of them to see more.</Trans>
      </Empty>
    );
  }
  const shown = new Intl.NumberFormat(i18n.locale).format(rows.length);
  const all = new Intl.NumberFormat(i18n.locale).format(list.count ?? rows.length);
  return (
    <>
      <Text size="sm" c="dimmed" role="status" mb="xs">
        <Trans>
          {shown} of {all}
        </Trans>
      </Text>
      <DataTable label={label} columns={columns} rows={rows} keyOf={keyOf} />
      <MoreButton more={list.more} busy={list.isFetchingNextPage} />
    </>
  );
}
