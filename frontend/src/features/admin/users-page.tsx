import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, NativeSelect, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useSentence } from "@/components/ui/form";
import { TextLink } from "@/components/ui/links";
import { PageTitle } from "@/components/ui/page-title";
import { StateBadge } from "@/components/ui/state-badge";
import { complain, say } from "@/components/ui/toast";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { day, instant } from "@/lib/time";
import { api } from "@/services/session";
import { AdminList } from "./admin-list";
import { DepositButton } from "./deposit-button";
import { Choice, FilterBar, Words } from "./filter-bar";
import type { ListProps, UserFilters } from "./filters";
import { useAdminWords, wordOf } from "./words";

const BanDialog = lazy(() => import("./ban-dialog"));

export type Account = Awaited<ReturnType<typeof api.listUsers>>["results"][number];
type Change = NonNullable<Parameters<typeof api.changeUser>[1]>;

const TONES = { active: "good", suspended: "warn", banned: "bad" } as const;

/** Accounts: who is who, and who may do what. */
export function UsersPage({ filters, onFilter }: ListProps<UserFilters>) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const list = usePages(keys.admin("users", filters), (page) =>
    api.listUsers({ ...filters, page }),
  );
  return (
    <>
      <PageTitle tab={t`Users`} />
      <FilterBar>
        <Words
          label={t`Name or e-mail address`}
          value={filters.search}
          onChange={(search) => onFilter({ search })}
        />
        <Choice
          label={t`Status`}
          value={filters.status}
          words={words.userStatus}
          onChange={(status) => onFilter({ status })}
        />
        <Choice
          label={t`Role`}
          value={filters.role}
          words={words.role}
          onChange={(role) => onFilter({ role })}
        />
      </FilterBar>
      <AdminList
        label={t`Users`}
        list={list}
        filters={filters}
        keyOf={(row) => row.id}
        columns={[
          { key: "who", head: t`User`, cell: (row) => <Who row={row} /> },
          { key: "status", head: t`Status`, cell: (row) => <Status row={row} /> },
          { key: "strikes", head: t`Unpaid`, cell: (row) => row.strikes, end: true },
          { key: "since", head: t`Since`, cell: (row) => day(row.date_joined, i18n.locale) },
          { key: "acts", head: t`Role and access`, cell: (row) => <Acts row={row} /> },
        ]}
      />
    </>
  );
}

function Who({ row }: { row: Account }) {
  return (
    <>
      <TextLink to="/users/$userId" params={{ userId: String(row.id) }}>
        {row.username}
      </TextLink>
      <Text size="sm" c="dimmed">
        {row.email} · #{row.id}
      </Text>
    </>
  );
}

function Status({ row }: { row: Account }) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  return (
    <>
      <StateBadge tone={TONES[row.status]}>{wordOf(words.userStatus, row.status)}</StateBadge>
      {row.banned_until && (
        <Text size="sm">{t`Until ${instant(row.banned_until, i18n.locale)}`}</Text>
      )}
      {row.banned_reason && <Text size="sm">{row.banned_reason}</Text>}
    </>
  );
}

function Acts({ row }: { row: Account }) {
  const { t } = useLingui();
  const words = useAdminWords();
  const client = useQueryClient();
  const sentence = useSentence();
  const [shutOut, setShutOut] = useState<"suspend" | "ban" | null>(null);
  const change = useMutation({
    mutationFn: (data: Change) => api.changeUser(row.id, data),
    onSuccess: () => say(t`${row.username} is changed.`),
    onError: (error) => complain(sentence(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <Group gap="xs">
      <NativeSelect
        aria-label={t`Role of ${row.username}`}
        value={change.isPending ? (change.variables.role ?? row.role) : row.role}
        disabled={change.isPending}
        data={Object.entries(words.role).map(([value, label]) => ({ value, label }))}
        onChange={(event) =>
          change.mutate({ role: event.currentTarget.value as never, reason: "" })
        }
      />
      {row.status === "active" ? (
        <>
          <Button
            variant="default"
            aria-label={t`Suspend ${row.username}`}
            onClick={() => setShutOut("suspend")}
          >
            <Trans>Suspend</Trans>
          </Button>
          <Button
            variant="default"
            c="var(--mantine-color-error)"
            aria-label={t`Ban ${row.username}`}
            onClick={() => setShutOut("ban")}
          >
            <Trans>Ban</Trans>
          </Button>
          <DepositButton user={row} />
        </>
      ) : (
        <Button
          variant="default"
          loading={change.isPending}
          aria-label={t`Let in again: ${row.username}`}
          onClick={() => change.mutate({ status: "active", reason: "" })}
        >
          <Trans>Let in again</Trans>
        </Button>
      )}
      <Suspense>
        {shutOut && <BanDialog user={row} how={shutOut} onClose={() => setShutOut(null)} />}
      </Suspense>
    </Group>
  );
}
