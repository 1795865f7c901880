import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { unwrap } from '../../app/contract/result.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import { createControls, type Walker, walkThrough } from '../../app/record/crossing.fixture.ts';
import { percentile } from '../../app/record/figures.ts';
import { openSqliteRecordStore } from '../../app/record/sqlite/client.ts';
import type { JointRecordStore } from '../../app/record/store.ts';
import { verifyRecordFile } from '../../app/record/verify/verify-file.ts';

// One lane on SQLite with synchronous=FULL: whole crossings a second (nine durable writes each, real signatures, one
// after the other as in a lane), the commit's own time, and beside both what a bare append and fsync costs on this disk.

const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const FRAME_BYTES = 4120; // one WAL frame: a page and its header

interface Spread {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly count: number;
}

export interface RecordBench {
  readonly crossings: number;
  readonly seconds: number;
  readonly crossingsPerSecond: number;
  readonly durableWritesPerSecond: number;
  readonly crossing: Spread;
  readonly commit: Spread;
  readonly rawFsync: Spread;
  /** Load of the machine over the last minute, ours included: above the number of cores the figures are no bar's. */
  readonly loadAverage: number;
  readonly cores: number;
  /** p50 of the last tenth of crossings over p50 of the first tenth: 1 when the cost does not grow with the file. */
  readonly lastTenthOverFirst: number | null;
  readonly fileBytesPerCrossing: number;
  readonly verifyEntriesPerSecond: number;
}

/** Measures, writes out/bench/record.json, gives the figures. The folder decides the disk: BENCH_DIR or the temporary one. */
export async function run(): Promise<RecordBench> {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'jointgate-bench-'));
  try {
    const rawFsync = measureFsync(join(folder, 'raw'));
    const figures = { ...(await measureCrossings(join(folder, 'lane.db'))), rawFsync, ...machine() };
    mkdirSync('out/bench', { recursive: true });
    writeFileSync('out/bench/record.json', `${JSON.stringify(figures, null, 2)}\n`);
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureCrossings(path: string): Promise<Omit<RecordBench, 'rawFsync' | 'loadAverage' | 'cores'>> {
  const controls = createControls();
  const now = (): Date => new Date();
  const { pem } = createSigningKey();
  const opened = await openSqliteRecordStore({ path, laneSigningKey: { pem }, controlKeys: controls.keys, clock: now });
  const commitMs: number[] = [];
  const store = timed(unwrap(opened), commitMs);
  const walker: Walker = { store, controls, clock: { now, advance: () => undefined } };
  const crossingMs: number[] = [];
  const start = performance.now();
  while (performance.now() - start < SECONDS * 1000) {
    const before = performance.now();
    await walkThrough(walker);
    crossingMs.push(performance.now() - before);
  }
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  const verifyStart = performance.now();
  const verified = verifyRecordFile(path, { keys: null, receipts: [] });
  if (!verified.ok) throw new Error(`the record does not verify: ${verified.findings[0]?.code}`);
  const tenth = Math.max(1, Math.floor(crossingMs.length / 10));
  const first = spread(crossingMs.slice(0, tenth)).p50Ms;
  const last = spread(crossingMs.slice(-tenth)).p50Ms;
  return {
    crossings: crossingMs.length,
    seconds: round(seconds),
    crossingsPerSecond: round(crossingMs.length / seconds),
    durableWritesPerSecond: round((crossingMs.length * 9) / seconds),
    crossing: spread(crossingMs),
    commit: spread(commitMs),
    lastTenthOverFirst: first === null || last === null ? null : round(last / first),
    fileBytesPerCrossing: Math.round(statSync(path).size / crossingMs.length),
    verifyEntriesPerSecond: Math.round(verified.entries / ((performance.now() - verifyStart) / 1000)),
  };
}

function machine(): { readonly loadAverage: number; readonly cores: number } {
  return { loadAverage: round(loadavg()[0] ?? 0), cores: availableParallelism() };
}

function timed(store: JointRecordStore, commitMs: number[]): JointRecordStore {
  return {
    ...store,
    commit: async (recordId) => {
      const before = performance.now();
      const result = await store.commit(recordId);
      commitMs.push(performance.now() - before);
      return result;
    },
  };
}

/** What the disk itself takes: append one WAL frame, fsync, again and again. */
function measureFsync(path: string): Spread {
  const file = openSync(path, 'wx', 0o600);
  const frame = Buffer.alloc(FRAME_BYTES, 1);
  const tookMs: number[] = [];
  for (let i = 0; i < 500; i++) {
    const before = performance.now();
    writeSync(file, frame);
    fsyncSync(file);
    tookMs.push(performance.now() - before);
  }
  closeSync(file);
  return spread(tookMs);
}

function spread(valuesMs: readonly number[]): Spread {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = percentile(sorted, share);
    return value === null ? null : round(value);
  };
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), count: sorted.length };
}

const round = (value: number): number => Math.round(value * 100) / 100;

if (import.meta.main) console.log(JSON.stringify(await run(), null, 2));
