import { mkdirSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { unwrap } from '../../app/contract/result.ts';
import { systemClock } from '../../app/controls/clock.ts';
import type { Control } from '../../app/controls/control.ts';
import { openServerBench } from '../../app/controls/server/server-bench.ts';
import {
  type ControlBench,
  openBench,
  specimenNotice,
  specimenRequest,
  specimenSeed,
} from '../../app/controls/test-kit.ts';

// One embedded control on SQLite with synchronous=FULL, 10,000 holders and a watchlist of 2,000: how long its decision
// holds up the lane's event loop, how many crossings it takes through prepare, commit and receipt, and the same over
// HTTPS with mutual TLS on this machine.

const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const HOLDERS = 10_000;
const WATCHED = 2_000;
const CLIENTS = 8;

interface Spread {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly count: number;
}

export interface ControlsBench {
  readonly embeddedPrepare: Spread;
  readonly embeddedNotice: Spread;
  readonly embeddedDecisionsPerSecond: number;
  readonly embeddedCrossingsPerSecond: number;
  /** Milliseconds the last tenth of crossings took over those of the first tenth: 1 when the file's growth costs nothing. */
  readonly lastTenthOverFirst: number;
  readonly remotePrepare: Spread;
  readonly remoteDecisionsPerSecond: number;
  readonly seedSeconds: number;
}

/** Measures, writes out/bench/controls.json, gives the figures. */
export async function run(): Promise<ControlsBench> {
  const bench = await openBench('exit', { clock: systemClock });
  try {
    const startedMs = performance.now();
    fill(bench);
    const seedSeconds = (performance.now() - startedMs) / 1000;
    const figures = { ...measureEmbedded(bench), ...(await measureRemote(bench)), seedSeconds };
    mkdirSync('out/bench', { recursive: true });
    writeFileSync('out/bench/controls.json', `${JSON.stringify(figures, null, 2)}\n`);
    return figures;
  } finally {
    await bench.dispose();
  }
}

const numberOf = (index: number): string => `C${String(index % HOLDERS).padStart(8, '0')}`;

function fill(bench: ControlBench): void {
  const [holder] = specimenSeed().holders;
  const endorsements = [
    { ...holder!.endorsements[0]!, entries: null, validFrom: '2020-01-01', validUntil: '2099-12-31' },
  ];
  const holders = Array.from({ length: HOLDERS }, (_, index) => ({
    ...holder!,
    id: `holder-${index}`,
    documents: [{ ...holder!.documents[0]!, number: numberOf(index) }],
    endorsements,
  }));
  const watchlist = Array.from({ length: WATCHED }, (_, index) => ({
    kind: 'name' as const,
    id: `w-${index}`,
    name: `WANTED<<${'QXZ'.repeat(1 + (index % 5))}${index}<PERSON`,
    birthYear: 1960 + (index % 40),
  }));
  unwrap(bench.control.seed({ ...specimenSeed(), holders, watchlist }));
}

const requestNow = (index: number) =>
  specimenRequest('exit', { atMs: Date.now(), document: { number: numberOf(index), expiryDate: '2090-01-01' } });

function measureEmbedded(bench: ControlBench) {
  const prepares: number[] = [];
  const notices: number[] = [];
  const startedMs = performance.now();
  for (let index = 0; performance.now() - startedMs < SECONDS * 1000; index += 1) {
    const request = requestNow(index);
    const { recordId } = request.evidence;
    const askedMs = performance.now();
    const answer = unwrap(bench.control.handlePrepare(request));
    const answeredMs = performance.now();
    // Once round the holders, each is outside and is referred: decided all the same, but not committed.
    for (const step of answer.body.word === 'clear' ? (['commit', 'receipt'] as const) : []) {
      const told = performance.now();
      unwrap(bench.control.handleNotice(specimenNotice('exit', step, recordId, Date.now()), `${recordId}:${step}`));
      notices.push(performance.now() - told);
    }
    prepares.push(answeredMs - askedMs);
  }
  const tenth = Math.floor(prepares.length / 10);
  return {
    embeddedPrepare: spread(prepares),
    embeddedNotice: spread(notices),
    embeddedDecisionsPerSecond: (prepares.length * 1000) / sum(prepares),
    embeddedCrossingsPerSecond: (notices.length / 2 / (sum(prepares) + sum(notices))) * 1000,
    lastTenthOverFirst: sum(prepares.slice(-tenth)) / sum(prepares.slice(0, tenth)),
  };
}

async function measureRemote(bench: ControlBench) {
  const { server, openClient } = await openServerBench(bench, { clock: systemClock });
  const client = openClient({ clock: systemClock });
  try {
    const single = await ask(client, SECONDS / 2);
    const startedMs = performance.now();
    const crowd = await Promise.all(Array.from({ length: CLIENTS }, () => ask(client, SECONDS / 2)));
    const remoteDecisionsPerSecond = (crowd.flat().length * 1000) / (performance.now() - startedMs);
    return { remotePrepare: spread(single), remoteDecisionsPerSecond };
  } finally {
    await client.close();
    await server.close();
  }
}

async function ask(client: Control, seconds: number): Promise<number[]> {
  const took: number[] = [];
  const { signal } = new AbortController();
  const startedMs = performance.now();
  for (let index = 0; performance.now() - startedMs < seconds * 1000; index += 1) {
    const request = requestNow(index);
    const askedMs = performance.now();
    unwrap(await client.prepare(request, signal));
    took.push(performance.now() - askedMs);
  }
  return took;
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), count: values.length };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

if (import.meta.main) console.log(JSON.stringify(await run(), null, 2));
