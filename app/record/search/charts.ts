import type { ChartBucket, ConsoleAnswerOf } from '../../contract/supervisor-console.ts';
import { percentile } from '../figures.ts';

/** One record of the period. Instants are ISO texts. */
export interface ChartRecord {
  readonly state: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly referred_at: string | null;
}

/** When one passed record reached each step, from the journal. */
export interface StepRow {
  readonly record_id: string;
  readonly type: string;
  readonly at: string;
}

type Charts = ConsoleAnswerOf<'charts'>;

/** Widths of a bucket in seconds: the narrowest that needs at most `MAX_BUCKETS`. */
const WIDTHS = [60, 300, 900, 3_600, 4 * 3_600, 86_400, 7 * 86_400, 28 * 86_400];
const MAX_BUCKETS = 96;
/** Of so many passed records the steps are measured: more changes no median. */
export const MAX_STEP_RECORDS = 2_000;

export function bucketSecondsOf(fromMs: number, toMs: number): number {
  const seconds = (toMs - fromMs) / 1000;
  return WIDTHS.find((width) => seconds / width <= MAX_BUCKETS) ?? Math.ceil(seconds / MAX_BUCKETS);
}

export function chartsOf(
  records: readonly ChartRecord[],
  steps: readonly StepRow[],
  period: { readonly from: string; readonly to: string },
): Charts {
  const [fromMs, toMs] = [Date.parse(period.from), Date.parse(period.to)];
  const bucketSeconds = bucketSecondsOf(fromMs, toMs);
  const width = bucketSeconds * 1000;
  const count = Math.max(1, Math.ceil((toMs - fromMs) / width));
  const drafts = Array.from({ length: count }, () => newDraft());
  const draftAt = (iso: string | null): Draft | undefined =>
    iso === null ? undefined : drafts[Math.floor((Date.parse(iso) - fromMs) / width)];
  for (const record of records) {
    const ended = draftAt(record.ended_at);
    const referred = draftAt(record.referred_at);
    if (referred !== undefined) referred.referred += 1;
    if (ended === undefined || record.ended_at === null) continue;
    if (isCounted(record.state)) ended[record.state] += 1;
    if (record.state === 'passed') ended.tookMs.push(between(record.opened_at, record.ended_at));
    if (record.referred_at !== null) ended.waitedMs.push(between(record.referred_at, record.ended_at));
  }
  const buckets = drafts.map((draft, index) => bucketOf(draft, new Date(fromMs + index * width).toISOString()));
  return { type: 'charts', bucketSeconds, buckets, steps: stepsOf(steps) };
}

const COUNTED = ['passed', 'refused', 'abandoned', 'voided'] as const;
type Counted = (typeof COUNTED)[number];
type Draft = Record<Counted | 'referred', number> & { readonly tookMs: number[]; readonly waitedMs: number[] };

const newDraft = (): Draft => ({
  passed: 0,
  refused: 0,
  referred: 0,
  abandoned: 0,
  voided: 0,
  tookMs: [],
  waitedMs: [],
});
const isCounted = (state: string): state is Counted => (COUNTED as readonly string[]).includes(state);
const between = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));

function bucketOf({ tookMs, waitedMs, ...counts }: Draft, at: string): ChartBucket {
  const [took, waited] = [spread(tookMs), spread(waitedMs)];
  return {
    at,
    ...counts,
    medianMs: took.medianMs,
    p95Ms: took.p95Ms,
    waitMedianMs: waited.medianMs,
    waitP95Ms: waited.p95Ms,
  };
}

function spread(values: readonly number[]): { readonly medianMs: number | null; readonly p95Ms: number | null } {
  const sorted = [...values].sort((a, b) => a - b);
  return { medianMs: percentile(sorted, 0.5), p95Ms: percentile(sorted, 0.95) };
}

/** From which event to which a step goes; of several answers the last one counts. */
const STEPS = [
  ['document', 'opened', 'identified'],
  ['face', 'identified', 'verified'],
  ['controls', 'asked', 'answered'],
  ['commit', 'answered', 'committed'],
  ['passage', 'committed', 'passed'],
] as const;

export const STEP_TYPES = ['opened', 'identified', 'verified', 'asked', 'answered', 'committed', 'passed'] as const;

function stepsOf(rows: readonly StepRow[]): Charts['steps'] {
  const byRecord = new Map<string, Map<string, string>>();
  for (const { record_id, type, at } of rows) {
    const times = byRecord.get(record_id) ?? new Map<string, string>();
    const known = times.get(type);
    if (known === undefined || known < at) times.set(type, at);
    byRecord.set(record_id, times);
  }
  return STEPS.map(([step, from, to]) => {
    const took = [...byRecord.values()].flatMap((times) => {
      const [start, end] = [times.get(from), times.get(to)];
      return start === undefined || end === undefined ? [] : [between(start, end)];
    });
    return { step, ...spread(took) };
  });
}
