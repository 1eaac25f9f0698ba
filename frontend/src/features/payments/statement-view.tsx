import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useSentence } from "@/components/ui/form";
import { Empty, PageError } from "@/components/ui/page-states";
import { RowsSkeleton } from "@/components/ui/rows";
import { complain } from "@/components/ui/toast";
import { useAct } from "@/lib/act";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { day } from "@/lib/time";
import { api } from "@/services/session";
import { keep } from "./invoice-button";
import { LookAround } from "./order-card";

/** Every movement of one's money with the house, and what is there now. */
export function StatementView() {
  const { t, i18n } = useLingui();
  const { data, error } = useQuery({
    queryKey: keys.payments("statement"),
    queryFn: () => api.getStatement(),
  });
  if (error) return <PageError error={error} />;
  if (!data) return <RowsSkeleton height={44} />;
  if (data.lines.length === 0) {
    return (
      <Empty title={t`The house has not held any money for you yet`}>
        <LookAround />
      </Empty>
    );
  }
  return (
    <Stack>
      <Group justify="space-between">
        {data.balances.map(({ currency, amount }) => {
          const balance = money(amount, currency, i18n.locale);
          return (
            <Text key={currency} fw={650}>
              <Trans>There now: {balance}</Trans>
            </Text>
          );
        })}
        <DownloadButton />
      </Group>
      <Table.ScrollContainer
        minWidth={560}
        scrollAreaProps={{
          viewportProps: { tabIndex: 0, role: "region", "aria-label": t`Statement` },
        }}
      >
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t`Date`}</Table.Th>
              <Table.Th>{t`What`}</Table.Th>
              <Table.Th ta="end">{t`Out`}</Table.Th>
              <Table.Th ta="end">{t`In`}</Table.Th>
              <Table.Th ta="end">{t`There then`}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.lines.map((line) => (
              <Table.Tr key={`${line.reference} ${line.what} ${line.balance}`}>
                <Table.Td>{day(line.date, i18n.locale)}</Table.Td>
                <Table.Td>{line.what}</Table.Td>
                <Sum amount={line.debit} currency={line.currency} />
                <Sum amount={line.credit} currency={line.currency} />
                <Sum amount={line.balance} currency={line.currency} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {data.shortened && (
        <Text size="sm">
          <Trans>Older movements are left out here.</Trans>
        </Text>
      )}
    </Stack>
  );
}

function Sum({ amount, currency }: { amount: number | null; currency: string }) {
  const { i18n } = useLingui();
  return (
    <Table.Td ta="end" className="amount">
      {amount !== null && money(amount, currency, i18n.locale)}
    </Table.Td>
  );
}

function DownloadButton() {
  const sentence = useSentence();
  const download = useAct({
    mutationFn: () => api.getStatement({ as: "csv" }, { accept: "text/csv" }),
    onSuccess: (table) => keep(new Blob([String(table)], { type: "text/csv" }), "statement.csv"),
    onError: (error) => complain(sentence(error)),
  });
  return (
    <Button
      variant="default"
      mih={44}
      leftSection={<IconDownload size={18} aria-hidden />}
      loading={download.isPending}
      onClick={() => download.mutate()}
    >
      <Trans>Download as a table (CSV)</Trans>
    </Button>
  );
}
