import { useMantineTheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface LineChartProps {
  /** Seconds since 1970. */
  times: number[];
  values: (number | null)[];
  name: string;
  format: (value: number) => string;
  height?: number;
  dark: boolean;
}

/** One line over time. A picture of figures that stand beside it as text, so hidden from readers. */
export default function LineChart(props: LineChartProps) {
  const { times, values, name, format, height = 200, dark } = props;
  const theme = useMantineTheme();
  const { ref: box, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  const show = useRef(format);
  show.current = format;
  useEffect(() => {
    if (!place.current || width === 0) return;
    const ink = dark ? theme.colors.dark[1] : theme.colors.gray[7];
    const grid = { stroke: dark ? theme.colors.dark[5] : theme.colors.gray[3], width: 1 };
    const line = dark ? theme.colors.indigo[4] : theme.colors.indigo[7];
    const axis = { stroke: ink ?? "", grid: grid as uPlot.Axis.Grid, ticks: { show: false } };
    const chart = new uPlot(
      {
        width,
        height,
        legend: { show: false },
        cursor: { y: false },
        scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
        axes: [
          axis,
          { ...axis, size: 64, values: (_, ticks) => ticks.map((n) => show.current(n)) },
        ],
        series: [
          {},
          { label: name, stroke: line ?? "", width: 2, fill: `${line}22`, points: { size: 5 } },
        ],
      },
      [times, values],
      place.current,
    );
    return () => chart.destroy();
  }, [times, values, name, height, width, dark, theme]);
  return (
    <div ref={box} dir="ltr" aria-hidden style={{ minHeight: height }}>
      <div ref={place} />
    </div>
  );
}
