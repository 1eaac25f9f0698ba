import { useLingui } from "@lingui/react/macro";
import { Group, Paper, Stack, Text } from "@mantine/core";
import { Empty, PageError } from "@/components/ui/page-states";
import { MoreButton, RowsSkeleton } from "@/components/ui/rows";
import { money } from "@/lib/money";
import { day } from "@/lib/time";
import { InvoiceButton } from "./invoice-button";
import { LookAround, StateBadge } from "./order-card";
import { type Invoice, useMyInvoices } from "./queries";
import { useMoneyWords } from "./words";

/** One's invoices and credit notes, newest first. */
export function InvoiceList() {
  const { t } = useLingui();
  const { rows, error, more, isFetchingNextPage } = useMyInvoices();
  if (error) return <PageError error={error} />;
  if (!rows) return <RowsSkeleton />;
  if (rows.length === 0) {
    return (
      <Empty title={t`There are no invoices yet: the first comes with your first payment`}>
        <LookAround />
      </Empty>
    );
  }
  return (
    <>
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {rows.map((invoice) => (
          <InvoiceRow key={invoice.id} invoice={invoice} />
        ))}
      </Stack>
      <MoreButton more={more} busy={isFetchingNextPage} />
    </>
  );
}

function InvoiceRow({ invoice }: { invoice: Invoice }) {
  const { i18n } = useLingui();
  const { invoices, invoiceStates } = useMoneyWords();
  return (
    <Paper component="li" withBorder px="md" py="xs">
      <Group justify="space-between">
        <div>
          <Text fw={600}>{invoices[invoice.kind]}</Text>
          <Text size="sm">
            {invoice.number} · {day(invoice.issued_at, i18n.locale)}
          </Text>
        </div>
        <Group gap="sm">
          <Text fw={650} className="amount">
            {money(invoice.total, invoice.currency, i18n.locale)}
          </Text>
          <StateBadge>{invoiceStates[invoice.status]}</StateBadge>
          <InvoiceButton id={invoice.id} number={invoice.number} />
        </Group>
      </Group>
    </Paper>
  );
}
