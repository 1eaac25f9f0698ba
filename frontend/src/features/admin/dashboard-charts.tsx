import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton, Title, useComputedColorScheme } from "@mantine/core";
import { lazy, Suspense, useMemo } from "react";
import { DataTable } from "@/components/ui/data-table";
import { money } from "@/lib/money";
import { instant } from "@/lib/time";
import classes from "./admin.module.css";
import { currenciesOf, type Dashboard, salesOf } from "./figures";

const LineChart = lazy(() => import("@/components/ui/line-chart"));

/** The figures over time: bids, new users, and what was sold in each currency. */
export function DashboardCharts({ figures }: { figures: Dashboard }) {
  const { t, i18n } = useLingui();
  const count = (value: number) => new Intl.NumberFormat(i18n.locale).format(value);
  const { series } = figures;
  return (
    <div className={classes.charts}>
      <Chart
        title={t`Bids`}
        figures={figures}
        values={series.map((point) => point.bids)}
        format={count}
      />
      <Chart
        title={t`Active bidders`}
        figures={figures}
        values={series.map((point) => point.active_bidders)}
        format={count}
      />
      {currenciesOf(figures).map((currency) => (
        <Chart
          key={currency}
          title={t`Sold, in ${currency}`}
          figures={figures}
          values={salesOf(series, currency)}
          format={(value) => money(Math.round(value), currency, i18n.locale)}
        />
      ))}
    </div>
  );
}

interface ChartProps {
  title: string;
  figures: Dashboard;
  values: number[];
  format: (value: number) => string;
}

function Chart({ title, figures, values, format }: ChartProps) {
  const { t, i18n } = useLingui();
  const dark = useComputedColorScheme("light") === "dark";
  const times = useMemo(
    () => figures.series.map((point) => new Date(point.start_at).getTime() / 1000),
    [figures],
  );
  const rows = figures.series.map((point, index) => ({
    at: instant(point.start_at, i18n.locale),
    value: format(values[index] ?? 0),
  }));
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      <Suspense fallback={<Skeleton height={200} />}>
        <LineChart times={times} values={values} name={title} format={format} dark={dark} />
      </Suspense>
      <details>
        <summary>
          <Trans>The same as a table</Trans>
        </summary>
        <DataTable
          label={title}
          rows={rows}
          keyOf={(row) => row.at}
          columns={[
            { key: "at", head: t`From`, cell: (row) => row.at },
            { key: "value", head: title, cell: (row) => row.value, end: true },
          ]}
        />
      </details>
    </section>
  );
}
