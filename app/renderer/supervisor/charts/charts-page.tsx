import { ChartLine, Download } from 'lucide-react';
import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartBucket, ConsoleAnswerOf } from '../../../contract/supervisor-console.ts';
import { useConsoleContext } from '../console/use-console.ts';
import { secondsText } from '../figures.ts';
import { toCsv } from '../search/csv.ts';
import { instantsOf, today } from '../search/period.ts';
import { PeriodFields } from '../search/period-fields.tsx';
import { LineChart, type Series } from './line-chart.tsx';
import { StepBars } from './step-bars.tsx';
import { useThemeName } from './use-theme-name.ts';

type Charts = ConsoleAnswerOf<'charts'>;

const COLUMNS = [
  'passed',
  'refused',
  'referred',
  'abandoned',
  'voided',
  'medianMs',
  'p95Ms',
  'waitMedianMs',
  'waitP95Ms',
] as const satisfies readonly (keyof ChartBucket)[];

/** Throughput, waiting, outcome and time per step, each a question with its answer. */
export function ChartsPage({ lanes }: { lanes: readonly string[] }) {
  const { t, i18n } = useTranslation();
  const { ask, say, saveText } = useConsoleContext();
  const theme = useThemeName();
  const [period, setPeriod] = useState(() => today(Date.now()));
  const [laneId, setLaneId] = useState('');
  const [charts, setCharts] = useState<Charts | null>(null);
  const instants = instantsOf(period);

  const load = useCallback(
    async (from: string, to: string, lane: string) => {
      const reply = await ask({ type: 'charts', query: { from, to, laneId: lane === '' ? null : lane } });
      if (reply.ok && reply.value.type === 'charts') setCharts(reply.value);
      else if (!reply.ok) say({ error: reply.error, done: null });
    },
    [ask, say],
  );
  useEffect(() => {
    const now = instantsOf(today(Date.now()));
    if (now !== null) void load(now.from, now.to, '');
  }, [load]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (instants !== null) void load(instants.from, instants.to, laneId);
  };
  const save = async () => {
    if (charts === null) return;
    const rows = charts.buckets.map((bucket) => [bucket.at, ...COLUMNS.map((column) => bucket[column])]);
    const steps = charts.steps.map(({ step, medianMs, p95Ms }) => [`step ${step}`, medianMs, p95Ms]);
    const text = toCsv(['at', ...COLUMNS], rows) + toCsv(['step', 'medianMs', 'p95Ms'], steps).slice(1);
    if (await saveText('jointgate-charts.csv', text)) say({ error: null, done: t('query.saved') });
  };

  const { language } = i18n;
  const count = useCallback((value: number) => new Intl.NumberFormat(language).format(value), [language]);
  const seconds = useCallback((value: number) => secondsText(value, language), [language]);
  const drawn = useMemo(() => {
    const buckets = charts?.buckets ?? [];
    const line = (label: string, tone: string, column: (typeof COLUMNS)[number], dashed = false): Series => ({
      label,
      tone,
      dashed,
      values: buckets.map((bucket) => bucket[column]),
    });
    return {
      times: buckets.map(({ at }) => Date.parse(at) / 1000),
      throughput: [line(t('recordStates.passed'), 'go', 'passed')],
      outcome: [
        line(t('figures.referred'), 'attention', 'referred'),
        line(t('figures.refused'), 'stop', 'refused'),
        line(t('figures.abandoned'), 'ink-quiet', 'abandoned'),
        line(t('figures.voided'), 'entry', 'voided', true),
      ],
      time: [line(t('figures.median'), 'progress', 'medianMs'), line(t('figures.p95'), 'progress', 'p95Ms', true)],
      waiting: [
        line(t('figures.median'), 'attention', 'waitMedianMs'),
        line(t('figures.p95'), 'attention', 'waitP95Ms', true),
      ],
    };
  }, [charts, t]);
  const common = { times: drawn.times, timeLabel: t('query.at'), language, theme };

  return (
    <main className="query-page">
      <form className="panel query-form" onSubmit={submit} aria-label={t('pages.charts')}>
        <PeriodFields period={period} onPeriod={setPeriod} lanes={lanes} laneId={laneId} onLane={setLaneId} />
        <button type="submit" className="button button-main" disabled={instants === null}>
          <ChartLine size={16} aria-hidden="true" />
          {t('charts.show')}
        </button>
        <button type="button" className="button" disabled={charts === null} onClick={() => void save()}>
          <Download size={16} aria-hidden="true" />
          {t('query.saveCsv')}
        </button>
      </form>
      {charts === null ? (
        <p className="empty">{t('query.notYet')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region
        <section className="charts" tabIndex={0} aria-label={t('pages.charts')}>
          <LineChart title={t('charts.throughput')} series={drawn.throughput} format={count} {...common} />
          <LineChart title={t('charts.outcome')} series={drawn.outcome} format={count} {...common} />
          <LineChart title={t('charts.time')} series={drawn.time} format={seconds} {...common} />
          <LineChart title={t('charts.waiting')} series={drawn.waiting} format={seconds} {...common} />
          <StepBars steps={charts.steps} />
        </section>
      )}
    </main>
  );
}
