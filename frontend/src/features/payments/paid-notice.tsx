import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Paper, Stack, Text } from "@mantine/core";
import { ButtonLink } from "@/components/ui/links";
import { Notice } from "@/components/ui/notice";
import { money } from "@/lib/money";
import { InvoiceButton } from "./invoice-button";
import type { Payment } from "./queries";
import { useMoneyWords } from "./words";

/** It is paid; what happens now, and the paper for it. */
export function PaidNotice({ payment }: { payment: Payment }) {
  const { i18n } = useLingui();
  const { payments } = useMoneyWords();
  const amount = money(payment.amount, payment.currency, i18n.locale);
  const isPlain = payment.status === "succeeded";
  return (
    <Paper withBorder p="md">
      <Stack>
        <Notice
          role="status"
          kind={isPlain ? "good" : "trouble"}
          title={isPlain ? <Trans>You have paid {amount}</Trans> : payments[payment.status]}
        >
          <Trans>
            The seller has been told. Once you have received it, confirm that under Orders, and the
            seller is paid.
          </Trans>
        </Notice>
        <Group>
          <ButtonLink to="/my/orders">
            <Trans>Go to your orders</Trans>
          </ButtonLink>
          {payment.invoices.map((invoice) => (
            <InvoiceButton key={invoice.id} id={invoice.id} number={invoice.number} />
          ))}
        </Group>
        {payment.play_money && (
          <Text size="sm">
            <Trans>Paid with play money.</Trans>
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
