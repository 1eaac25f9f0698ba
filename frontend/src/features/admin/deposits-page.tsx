import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { TextLink } from "@/components/ui/links";
import { Empty } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { StateBadge } from "@/components/ui/state-badge";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { instant, relative } from "@/lib/time";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import { AdminList } from "./admin-list";
import { DepositButton } from "./deposit-button";
import { useAdminWords, wordOf } from "./words";

const LiftDialog = lazy(() => import("./lift-dialog"));

export type Deposit = Awaited<ReturnType<typeof api.listDeposits>>["results"][number];

/** Who may not bid without a deposit, and why. */
export function DepositsPage() {
  const { t, i18n } = useLingui();
  const list = usePages(keys.admin("deposits"), (page) => api.listDeposits({ page }));
  return (
    <>
      <Group justify="space-between" align="start">
        <PageTitle tab={t`Deposits`} />
        <DepositButton />
      </Group>
      <AdminList
        label={t`Deposits`}
        list={list}
        keyOf={(row) => row.user_id}
        empty={<NoDeposits />}
        columns={[
          { key: "who", head: t`User`, cell: (row) => <Who row={row} /> },
          { key: "why", head: t`Cause`, cell: (row) => <Why row={row} /> },
          {
            key: "since",
            head: t`Since`,
            cell: (row) => relative(row.since, clock.now(), i18n.locale),
          },
          {
            key: "until",
            head: t`Until`,
            cell: (row) =>
              row.until === null ? t`Until staff lift it` : instant(row.until, i18n.locale),
          },
          { key: "traces", head: t`Look up`, cell: (row) => <Traces row={row} /> },
          { key: "acts", head: t`Decision`, cell: (row) => <Lift row={row} /> },
        ]}
      />
    </>
  );
}

function NoDeposits() {
  return (
    <Empty title={<Trans>Nobody needs a deposit</Trans>}>
      <Text ta="center">
        <Trans>
          The house asks one of whoever leaves wins unpaid; staff may ask one of anybody.
        </Trans>
      </Text>
    </Empty>
  );
}

function Who({ row }: { row: Deposit }) {
  return (
    <>
      <TextLink to="/users/$userId" params={{ userId: String(row.user_id) }}>
        {row.user}
      </TextLink>
      <Text size="sm" c="dimmed">
        #{row.user_id}
      </Text>
    </>
  );
}

function Why({ row }: { row: Deposit }) {
  const words = useAdminWords();
  return (
    <>
      <StateBadge tone={row.cause === "unpaid" ? "warn" : "plain"}>
        {wordOf(words.depositCause, row.cause)}
      </StateBadge>
      {/* The house's own reason says no more than the cause does. */}
      {row.cause === "staff" && row.reason && (
        <Text size="sm" className={classes.reason} dir="auto">
          {row.reason}
        </Text>
      )}
    </>
  );
}

/** Where more is written: who of staff demanded it, what stands out about the account. */
function Traces({ row }: { row: Deposit }) {
  const { t } = useLingui();
  return (
    <Group gap="xs">
      {row.cause === "staff" && (
        <TextLink
          to="/admin/audit"
          search={{ act: "user.deposit", target_id: row.user_id }}
          aria-label={t`Audit log: ${row.user}`}
        >
          <Trans>Audit log</Trans>
        </TextLink>
      )}
      <TextLink
        to="/admin/risk"
        search={{ user: row.user_id }}
        aria-label={t`Suspicions: ${row.user}`}
      >
        <Trans>Suspicions</Trans>
      </TextLink>
    </Group>
  );
}

function Lift({ row }: { row: Deposit }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" aria-label={t`Lift: ${row.user}`} onClick={() => setAsking(true)}>
        <Trans>Lift</Trans>
      </Button>
      <Suspense>{asking && <LiftDialog row={row} onClose={() => setAsking(false)} />}</Suspense>
    </>
  );
}
