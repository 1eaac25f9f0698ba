import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { TextLink } from "@/components/ui/links";
import { PageTitle } from "@/components/ui/page-title";
import { StateBadge } from "@/components/ui/state-badge";
import { money } from "@/lib/money";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant } from "@/lib/time";
import { api } from "@/services/session";
import { AdminList } from "./admin-list";
import { Choice, FilterBar, Words } from "./filter-bar";
import { idOf, type ListProps, type PaymentFilters } from "./filters";
import { useAdminWords, wordOf } from "./words";

const DisputeDialog = lazy(() => import("./dispute-dialog"));

export type Payment = Awaited<ReturnType<typeof api.listAllPayments>>["results"][number];

const GOOD = new Set(["succeeded"]);
const BAD = new Set(["failed", "disputed", "charged_back", "expired"]);

/** Everybody's payments, and the disputes about held money. */
export function PaymentsPage({ filters, onFilter }: ListProps<PaymentFilters>) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const list = usePages(keys.admin("payments", filters), (page) =>
    api.listAllPayments({ ...filters, page }),
  );
  return (
    <>
      <PageTitle tab={t`Payments`} />
      <FilterBar>
        <Choice
          label={t`Status`}
          value={filters.status}
          words={words.paymentStatus}
          onChange={(status) => onFilter({ status })}
        />
        <Choice
          label={t`Paid by`}
          value={filters.provider}
          words={words.provider}
          onChange={(provider) => onFilter({ provider })}
        />
        <Words
          label={t`Number of the buyer or seller`}
          numeric
          value={filters.user?.toString()}
          onChange={(user) => onFilter({ user: idOf(user) })}
        />
      </FilterBar>
      <AdminList
        label={t`Payments`}
        list={list}
        filters={filters}
        keyOf={(row) => row.id}
        columns={[
          { key: "what", head: t`Auction`, cell: (row) => <What row={row} /> },
          { key: "status", head: t`Status`, cell: (row) => <Status row={row} /> },
          {
            key: "amount",
            head: t`Amount`,
            end: true,
            cell: (row) => money(row.amount, row.currency, i18n.locale),
          },
          { key: "by", head: t`Paid by`, cell: (row) => wordOf(words.provider, row.provider) },
          {
            key: "at",
            head: t`When`,
            cell: (row) => instant(row.paid_at ?? row.created_at, i18n.locale),
          },
          { key: "acts", head: t`Held money`, cell: (row) => <Held row={row} /> },
        ]}
      />
    </>
  );
}

function What({ row }: { row: Payment }) {
  return (
    <>
      <TextLink to="/auctions/$auctionId" params={{ auctionId: String(row.auction_id) }}>
        {row.auction_title}
      </TextLink>
      <Text size="sm" c="dimmed">
        {row.buyer} → {row.seller} · #{row.id}
      </Text>
    </>
  );
}

function Status({ row }: { row: Payment }) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const color = GOOD.has(row.status) ? "good" : BAD.has(row.status) ? "bad" : "plain";
  return (
    <>
      <StateBadge tone={color}>{wordOf(words.paymentStatus, row.status)}</StateBadge>
      {row.failure && <Text size="sm">{row.failure}</Text>}
      {row.refunded > 0 && (
        <Text size="sm">{t`${money(row.refunded, row.currency, i18n.locale)} given back`}</Text>
      )}
    </>
  );
}

function Held({ row }: { row: Payment }) {
  const { t } = useLingui();
  const [deciding, setDeciding] = useState(false);
  if (row.escrow_id === null || row.escrow_state === null) return null;
  const words: Record<string, string> = {
    held: t`Held`,
    released: t`Released`,
    refunded: t`Given back`,
    disputed: t`Disputed`,
    split: t`Split`,
  };
  return (
    <>
      {words[row.escrow_state] ?? row.escrow_state}
      {row.escrow_state === "disputed" && (
        <Button
          ms="sm"
          aria-label={t`Decide the dispute about ${row.auction_title}`}
          onClick={() => setDeciding(true)}
        >
          <Trans>Decide</Trans>
        </Button>
      )}
      <Suspense>
        {deciding && <DisputeDialog payment={row} onClose={() => setDeciding(false)} />}
      </Suspense>
    </>
  );
}
