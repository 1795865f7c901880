import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Series {
  readonly label: string;
  /** Name of a colour token, e.g. `go`. */
  readonly tone: string;
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
}

interface LineChartProps {
  readonly title: string;
  readonly timeLabel: string;
  /** Seconds since 1970, the start of each bucket. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly language: string;
  readonly theme: string;
}

const HEIGHT = 190;

/** A chart that answers the question in its title. Times in the reader's own zone and style. */
export function LineChart({ title, timeLabel, times, series, format, language, theme }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read through the colour tokens
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
    const ink = { stroke: token('ink-quiet'), grid: { stroke: token('line'), width: 1 }, ticks: { show: false } };
    const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const day = new Intl.DateTimeFormat(language, { month: 'numeric', day: 'numeric' });
    const long = (times.at(-1) ?? 0) - (times[0] ?? 0) > 2 * 86_400;
    const chart = new uPlot(
      {
        width: Math.max(240, element.clientWidth),
        height: HEIGHT,
        cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_chart, _low, high) => [0, Math.max(1, high * 1.08)] } },
        axes: [
          { ...ink, values: (_chart, splits) => splits.map((at) => (long ? day : clock).format(new Date(at * 1000))) },
          { ...ink, size: 62, values: (_chart, splits) => splits.map((value) => format(value)) },
        ],
        series: [
          {
            label: timeLabel,
            value: (_chart, at) => (at === null ? '' : `${day.format(at * 1000)} ${clock.format(at * 1000)}`),
          },
          ...series.map(({ label, tone, dashed }) => ({
            label,
            stroke: token(tone),
            width: 2,
            ...(dashed === true ? { dash: [6, 4] } : {}),
            spanGaps: false,
            points: { size: 5 },
            value: (_chart: uPlot, value: number | null) => (value === null ? '–' : format(value)),
          })),
        ],
      },
      [[...times], ...series.map(({ values }) => [...values])] as uPlot.AlignedData,
      element,
    );
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: Math.max(240, element.clientWidth), height: HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [times, series, format, language, theme, timeLabel]);
  return (
    <figure className="panel chart">
      <figcaption className="panel-title">{title}</figcaption>
      <div ref={place} className="chart-place" role="img" aria-label={title} />
    </figure>
  );
}
