import { percentile } from '../bench/percentile.ts';
import type { CrossingLine } from './soak-messages.ts';

/** Taken from outside, every so many crossings. */
export interface Sample {
  readonly crossing: number;
  readonly memoryMb: number;
  readonly handles: number;
  readonly databaseBytes: number;
}

export interface Verdict {
  readonly name: string;
  readonly figure: number;
  readonly limit: number;
  readonly good: boolean;
  readonly note: string;
}

export interface RecordCount {
  readonly records: number;
  /** Records with one standing clearance, or with two though nobody passed, or passed with fewer than two. */
  readonly half: number;
  /** Record ids that the lane reported and the file does not hold. */
  readonly lost: number;
  readonly verified: boolean;
}

/** From here on the lane is warm: the bars count from the thousandth crossing, or from the middle of a short run. */
function warmFrom(crossings: number): number {
  return Math.min(1_000, Math.max(1, Math.floor(crossings / 2)));
}

const MEMORY_LIMIT = 1.05;
const DRIFT_LIMIT = 1.2;
const STEADY_GROWTH_FROM = 1_000;
/** Bytes of all the lane's databases for one crossing, kept: two signed answers, the evidence, journal, both controls' own rows. */
const BYTES_LIMIT = 60_000;

export function judge(
  lines: readonly CrossingLine[],
  samples: readonly Sample[],
  count: RecordCount,
): readonly Verdict[] {
  const warm = warmFrom(lines.length);
  const settled = samples.filter(({ crossing }) => crossing >= warm);
  const [first, last] = [window(settled, 'first'), window(settled, 'last')];
  const memory = mean(last, 'memoryMb') / mean(first, 'memoryMb');
  const handles = mean(last, 'handles') - mean(first, 'handles');
  const times = lines.filter(({ number, lastDoorMs }) => number >= warm && lastDoorMs !== null);
  const third = Math.floor(times.length / 3);
  const p95 = (part: readonly CrossingLine[]): number =>
    percentile(
      part.map(({ lastDoorMs }) => lastDoorMs ?? 0),
      0.95,
    );
  const drift = p95(times.slice(-third)) / p95(times.slice(0, third));
  const [from, to] = [settled[0], settled.at(-1)];
  const grown =
    from === undefined || to === undefined || to.crossing === from.crossing
      ? Number.NaN
      : (to.databaseBytes - from.databaseBytes) / (to.crossing - from.crossing);
  const atMost = (name: string, figure: number, limit: number, note: string): Verdict => ({
    name,
    figure: Math.round(figure * 1000) / 1000,
    limit,
    good: figure <= limit,
    note,
  });
  return [
    atMost('crossings that ended otherwise than told', lines.filter((line) => !line.asExpected).length, 0, 'count'),
    atMost('records lost', count.lost, 0, 'count'),
    atMost('half records', count.half, 0, 'count'),
    atMost('record does not verify', count.verified ? 0 : 1, 0, 'signatures and chain of the whole file'),
    atMost('memory, end over warm', memory, MEMORY_LIMIT, `${mean(first, 'memoryMb').toFixed(0)} MB warm`),
    atMost('handles, end less warm', handles, 1, `${mean(first, 'handles').toFixed(0)} warm`),
    atMost(
      'p95 to the last door, last third over first',
      drift,
      DRIFT_LIMIT,
      `${p95(times.slice(0, third)).toFixed(0)} ms first`,
    ),
    // Databases grow in steps of their write-ahead logs: a short run sees one step or none.
    ...(lines.length < STEADY_GROWTH_FROM
      ? []
      : [atMost('database bytes a crossing', grown, BYTES_LIMIT, 'nothing is due for erasure within a run')]),
  ];
}

function window(samples: readonly Sample[], end: 'first' | 'last'): readonly Sample[] {
  const size = Math.max(1, Math.floor(samples.length / 10));
  return end === 'first' ? samples.slice(0, size) : samples.slice(-size);
}

function mean(samples: readonly Sample[], of: 'memoryMb' | 'handles'): number {
  return samples.reduce((sum, sample) => sum + sample[of], 0) / samples.length;
}
