import { useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { TextLink } from "@/components/ui/links";
import { PageTitle } from "@/components/ui/page-title";
import { StateBadge } from "@/components/ui/state-badge";
import { usePages } from "@/lib/pages";
import { keys } from "@/lib/query";
import { relative } from "@/lib/time";
import { clock } from "@/services/clock";
import { api } from "@/services/session";
import { AdminList } from "./admin-list";
import { Choice, FilterBar, Words } from "./filter-bar";
import { type CaseFilters, idOf, type ListProps } from "./filters";
import { useAdminWords, wordOf } from "./words";

type Case = Awaited<ReturnType<typeof api.listRiskCases>>["results"][number];

/** What stood out among bids and accounts; people decide what it means. */
export function RiskPage({ filters, onFilter }: ListProps<CaseFilters>) {
  const { t, i18n } = useLingui();
  const words = useAdminWords();
  const list = usePages(keys.admin("risk", filters), (page) =>
    api.listRiskCases({ ...filters, page }),
  );
  const score = (row: Case) =>
    row.score === null
      ? "–"
      : new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: 1 }).format(row.score);
  return (
    <>
      <PageTitle tab={t`Suspicions`} />
      <FilterBar>
        <Choice
          label={t`State`}
          value={filters.state}
          words={words.caseState}
          onChange={(state) => onFilter({ state })}
        />
        <Choice
          label={t`What`}
          value={filters.kind}
          words={words.caseKind}
          onChange={(kind) => onFilter({ kind })}
        />
        <Words
          label={t`Number of the user`}
          numeric
          value={filters.user?.toString()}
          onChange={(user) => onFilter({ user: idOf(user) })}
        />
      </FilterBar>
      <AdminList
        label={t`Suspicions`}
        list={list}
        filters={filters}
        keyOf={(row) => row.id}
        columns={[
          {
            key: "what",
            head: t`What`,
            cell: (row) => (
              <>
                <TextLink to="/admin/case/$caseId" params={{ caseId: String(row.id) }}>
                  {wordOf(words.caseKind, row.kind)}
                </TextLink>
                <Text size="sm">{row.summary}</Text>
              </>
            ),
          },
          { key: "user", head: t`User`, cell: (row) => row.user },
          { key: "seller", head: t`Seller`, cell: (row) => row.seller ?? "–" },
          { key: "score", head: t`Score of 10`, cell: score, end: true },
          {
            key: "state",
            head: t`State`,
            cell: (row) => (
              <StateBadge tone={row.state === "open" ? "warn" : "plain"}>
                {wordOf(words.caseState, row.state)}
              </StateBadge>
            ),
          },
          {
            key: "at",
            head: t`Since`,
            cell: (row) => relative(row.opened_at, clock.now(), i18n.locale),
          },
        ]}
      />
    </>
  );
}
