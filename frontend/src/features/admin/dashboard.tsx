import { useLingui } from "@lingui/react/macro";
import { Group, SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { PageError } from "@/components/ui/page-states";
import { PageTitle } from "@/components/ui/page-title";
import { money } from "@/lib/money";
import { keys } from "@/lib/query";
import { api } from "@/services/session";
import classes from "./admin.module.css";
import { DashboardCharts } from "./dashboard-charts";
import { FigureCard } from "./figure-card";
import { currenciesOf, type Dashboard as Figures, type Period, salesOf } from "./figures";

/** How the market does, beside how it did before. */
export function Dashboard() {
  const { t } = useLingui();
  const [period, setPeriod] = useState<Period>("week");
  const figures = useQuery({
    queryKey: keys.admin("dashboard", { period }),
    queryFn: () => api.getDashboard({ period } as never),
    placeholderData: (before) => before,
    refetchInterval: 60_000,
  });
  const periods: Record<Period, string> = {
    day: t`Day`,
    week: t`7 days`,
    month: t`30 days`,
    year: t`Year`,
  };
  return (
    <>
      <Group justify="space-between" mb="md">
        <PageTitle tab={t`Dashboard`} />
        <SegmentedControl
          aria-label={t`Period`}
          size="md"
          value={period}
          onChange={(value) => setPeriod(value as Period)}
          data={Object.entries(periods).map(([value, label]) => ({ value, label }))}
        />
      </Group>
      {figures.isError && !figures.data && (
        <PageError error={figures.error} reset={() => void figures.refetch()} />
      )}
      {figures.isPending && <Skeleton height={640} />}
      {figures.data && (
        <>
          <Cards figures={figures.data} />
          <DashboardCharts figures={figures.data} />
        </>
      )}
    </>
  );
}

function Cards({ figures }: { figures: Figures }) {
  const { t, i18n } = useLingui();
  const { users, auctions, bids, payments, disputes, reports, series } = figures;
  const count = (value: number) => new Intl.NumberFormat(i18n.locale).format(value);
  const share = (value: number | null) =>
    value === null
      ? "–"
      : new Intl.NumberFormat(i18n.locale, {
          style: "percent",
          maximumFractionDigits: 1,
        }).format(value);
  const before = (currency: string) =>
    payments.previous.gmv.find((row) => row.currency === currency)?.amount ?? 0;
  return (
    <div className={classes.figures}>
      {currenciesOf(figures).map((currency) => {
        const row = payments.gmv.find((one) => one.currency === currency);
        return (
          <FigureCard
            key={currency}
            name={t`Sold, in ${currency}`}
            shown={money(row?.amount ?? 0, currency, i18n.locale)}
            now={row?.amount ?? 0}
            before={before(currency)}
            series={salesOf(series, currency)}
            to="/admin/payments"
          />
        );
      })}
      <FigureCard
        name={t`Bids`}
        shown={count(bids.count)}
        now={bids.count}
        before={bids.previous.count}
        series={series.map((point) => point.bids)}
      />
      <FigureCard
        name={t`Active bidders`}
        shown={count(bids.active_bidders)}
        now={bids.active_bidders}
        before={bids.previous.active_bidders}
        series={series.map((point) => point.active_bidders)}
      />
      <FigureCard
        name={t`New users`}
        shown={count(users.new)}
        now={users.new}
        before={users.previous.new}
        series={series.map((point) => point.new_users)}
        to="/admin/users"
      />
      <FigureCard
        name={t`Sold of what ended`}
        shown={share(auctions.conversion)}
        now={auctions.conversion}
        before={auctions.previous.conversion}
        series={series.map((point) => point.conversion)}
        to="/admin/auctions"
      />
      <FigureCard
        name={t`Never paid`}
        shown={share(payments.unpaid_rate)}
        now={payments.unpaid_rate}
        before={payments.previous.unpaid_rate}
        to="/admin/payments"
      />
      <FigureCard name={t`Running auctions`} shown={count(auctions.active)} to="/admin/auctions" />
      <FigureCard
        name={t`Open reports`}
        shown={count(reports.open)}
        to="/admin/reports"
        series={series.map((point) => point.reports)}
      />
      <FigureCard
        name={t`Open disputes`}
        shown={count(disputes.open)}
        to="/admin/payments"
        series={series.map((point) => point.disputes)}
      />
    </div>
  );
}
