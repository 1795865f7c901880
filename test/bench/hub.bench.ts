import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Pool } from 'pg';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import type { HubRecordStore } from '../../app/record/remote/hub-store.ts';
import { openControlPool } from './hub-control-pool.ts';
import { numberOf } from './hub-controls.ts';
import { fillRecords } from './hub-fill.ts';
import { cross, deliver, laneName } from './hub-lane.ts';
import { percentile } from './percentile.ts';

// A port on this machine: 100 simulated lanes over mutual TLS, one hub in its own process, PostgreSQL with its defaults
// (every commit flushed), both controls embedded and asked in every crossing, every notice delivered. Measured: crossings a
// second as fast as they go, latency at a steady rate, and the cost of a crossing among 10 thousand and 1 million records.
// CPU figures say what a crossing costs on whatever machine; the load says whether this one was quiet.

const { values } = parseArgs({
  options: {
    lanes: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '15' },
    /** Instead of everything else: what so many crossings cost, which a busy machine can tell too. */
    count: { type: 'string' },
    rate: { type: 'string', default: '50' },
    small: { type: 'string', default: '10000' },
    large: { type: 'string', default: '1000000' },
    scale: { type: 'boolean', default: true },
    'no-scale': { type: 'boolean', default: false },
  },
});
const LANES = Number(values.lanes);
const SECONDS = Number(values.seconds);
const RATE = Number(values.rate);
/** The code of every part is warm before it counts: what a port costs on its second minute, not on its first seconds. */
const WARM_SECONDS = 10;
/** Travellers that the controls know; more than cross in one run, so that nobody leaves twice. */
const HOLDERS = 16_000;
const SCALE_SAMPLES = 400;

/**
 * Lanes are counted apart: what HTTP, TLS and JSON cost them is spent on this machine here, and in the field on each lane's
 * own. Nothing is left out of the whole.
 */
interface Cpu {
  readonly hubMs: number;
  readonly lanesMs: number;
  readonly controlsMs: number;
  readonly postgresMs: number;
}

const bench = await openPortBench(process.env.BENCH_DIR ?? tmpdir());
if (bench === null) process.exit(1);
await bench.freshDatabase();
const controls = await openControlPool(bench.folder, HOLDERS);
const hub = await startHub();
const stores = await Promise.all(
  Array.from({ length: LANES }, (_, index) =>
    bench.openStore(laneName(index), [urlOf(hub.port)], { timeoutMs: 30_000, attemptTimeoutMs: 30_000 }),
  ),
);
let crossed = 0;
const figures: Record<string, unknown> = {};
try {
  if (values.count === undefined) {
    await runFor(WARM_SECONDS, 0);
    figures.throughput = await throughput(() => runFor(SECONDS, 0));
    figures.steady = await steady();
    if (!values['no-scale']) figures.scale = await scale();
  } else {
    await runCount(Number(values.count));
    figures.cost = await throughput(() => runCount(Number(values.count)));
  }
  Object.assign(figures, { lanes: LANES, loadAverage: loadavg()[0], cores: availableParallelism() });
  mkdirSync('out/bench', { recursive: true });
  writeFileSync('out/bench/hub.json', `${JSON.stringify(figures, null, 2)}\n`);
  console.log(JSON.stringify(figures, null, 2));
} catch (cause) {
  console.error(cause);
  process.exitCode = 1;
} finally {
  for (const store of stores) await store.close();
  await stopHub();
  await controls.close();
  await bench.dispose();
}
process.exit();

/** Somebody who has not crossed yet. */
function nextTraveller(): string {
  crossed += 1;
  if (crossed > HOLDERS) throw new Error('more crossings than travellers: raise HOLDERS');
  return numberOf(crossed - 1);
}

async function throughput(run: () => Promise<Run>): Promise<object> {
  const before = await cpuNow();
  const { took: crossings, seconds } = await run();
  const cpu = minus(await cpuNow(), before);
  const each = (ms: number) => round(ms / crossings.length);
  const total = cpu.hubMs + cpu.lanesMs + cpu.controlsMs + cpu.postgresMs;
  return {
    crossings: crossings.length,
    seconds: round(seconds),
    crossingsPerSecond: round(crossings.length / seconds),
    crossing: spread(crossings),
    cpuMsPerCrossing: {
      hub: each(cpu.hubMs),
      lanes: each(cpu.lanesMs),
      controls: each(cpu.controlsMs),
      postgres: each(cpu.postgresMs),
      whole: each(total),
    },
    /** What both cores could do if nothing else ran on them. */
    cpuBoundPerSecond: round((availableParallelism() * 1000 * crossings.length) / total),
  };
}

async function steady(): Promise<object> {
  const { took } = await runFor(SECONDS, RATE);
  return { rate: RATE, ...spread(took) };
}

interface Run {
  /** Milliseconds of each crossing. */
  readonly took: number[];
  readonly seconds: number;
}

/** So many crossings, however long they take. Each lane tells its notices after three of them: at 300 a second that is once a second. */
async function runCount(count: number): Promise<Run> {
  const took: number[] = [];
  const startedMs = performance.now();
  let begun = 0;
  await Promise.all(
    stores.map(async (store, index) => {
      for (let own = 1; begun < count; own++) {
        begun += 1;
        took.push((await cross(index, store, controls, nextTraveller())).wholeMs);
        if (own % 3 === index % 3) await deliver(store, controls);
      }
      while ((await deliver(store, controls)) > 0);
    }),
  );
  return { took, seconds: (performance.now() - startedMs) / 1000 };
}

/** Crossings on all lanes for so long: as fast as they go, or at a steady rate however long each takes. */
async function runFor(seconds: number, rate: number): Promise<Run> {
  const took: number[] = [];
  const startedMs = performance.now();
  const endsAt = performance.now() + seconds * 1000;
  const toDeliver = new Set<number>();
  let going = true;
  const delivering = stores.map(async (store, index) => {
    // Not all lanes at the same moment.
    await pause((index * 1000) / LANES);
    while (going) {
      // Woken by a crossing, as a lane's dispatcher is.
      if (toDeliver.delete(index)) await deliver(store, controls);
      await pause(1000);
    }
    while ((await deliver(store, controls)) > 0);
  });
  const one = async (index: number): Promise<void> => {
    const { wholeMs } = await cross(index, stores[index] as HubRecordStore, controls, nextTraveller());
    took.push(wholeMs);
    toDeliver.add(index);
  };
  if (rate === 0) {
    await Promise.all(
      stores.map(async (_store, index) => {
        while (performance.now() < endsAt) await one(index);
      }),
    );
  } else {
    const started: Promise<void>[] = [];
    const beganMs = performance.now();
    for (let n = 0; n < seconds * rate; n++) {
      const dueMs = beganMs + (n * 1000) / rate;
      if (dueMs > performance.now()) await pause(dueMs - performance.now());
      started.push(one(n % LANES));
    }
    await Promise.all(started);
  }
  // Until the last one has passed; its notices are delivered all the same, and the processor time they take is counted.
  const tookSeconds = (performance.now() - startedMs) / 1000;
  going = false;
  await Promise.all(delivering);
  return { took, seconds: tookSeconds };
}

/** One lane, one crossing after the other, among few and among many records. */
async function scale(): Promise<object> {
  const small = Number(values.small);
  const large = Number(values.large);
  const pool = new Pool({ ...bench!.connection, statement_timeout: 0 });
  try {
    const among = async (count: number) => {
      const filledMs = performance.now();
      const records = await fillRecords(pool, count);
      const fillSeconds = (performance.now() - filledMs) / 1000;
      await alone(50);
      return { records, fillSeconds: round(fillSeconds), ...spread(await alone(SCALE_SAMPLES)) };
    };
    const few = await among(small);
    const many = await among(large);
    return { few, many, p50Ratio: round(many.p50Ms / few.p50Ms) };
  } finally {
    await pool.end();
  }
}

async function alone(count: number): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < count; n++) {
    const { wholeMs } = await cross(0, stores[0] as HubRecordStore, controls, nextTraveller());
    took.push(wholeMs);
  }
  await deliver(stores[0] as HubRecordStore, controls);
  return took;
}

async function startHub(): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const authorityServer = await bench!.authority.server();
  const child = fork(fileURLToPath(new URL('./hub-process.ts', import.meta.url)), { stdio: 'inherit' });
  child.send({
    connection: bench!.connection,
    tls: { cert: authorityServer.cert, key: authorityServer.key, laneCa: bench!.authority.cert },
    lanes: { host: '127.0.0.1', port: 0 },
    signingKeyPem: bench!.hubKey.pem,
    controlKeys: controls.keys,
  });
  const { lanePort } = await answerOf<{ lanePort: number }>(child);
  return { child, port: lanePort };
}

/** Asked to end, so that a profile of it (`--cpu-prof`) is written; one that does not is ended. */
function stopHub(): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => hub.child.kill('SIGKILL'), 10_000);
    hub.child.removeAllListeners('exit');
    hub.child.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
    hub.child.send('stop');
  });
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', () => reject(new Error('the hub has ended')));
  });
}

async function cpuNow(): Promise<Cpu> {
  hub.child.send('cpu');
  const { cpu, faults } = await answerOf<{ cpu: NodeJS.CpuUsage; faults: string[] }>(hub.child);
  if (faults.length > 0) throw new Error(`the hub has faults: ${faults[0]}`);
  const own = process.cpuUsage();
  const controlsMs = await controls.cpuMs();
  return {
    hubMs: (cpu.user + cpu.system) / 1000,
    lanesMs: (own.user + own.system) / 1000 - controlsMs,
    controlsMs,
    postgresMs: postgresCpuMs(),
  };
}

/** Processor time of every process of our server that lives, from /proc (utime and stime in ticks of 10 ms). */
function postgresCpuMs(): number {
  const postmaster = readFileSync(join(bench!.connection.host, 'data', 'postmaster.pid'), 'utf8').split('\n', 1)[0];
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      if (!stat.includes('(postgres)')) continue;
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (pid !== postmaster && fields[1] !== postmaster) continue;
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return ticks * 10;
}

function minus(a: Cpu, b: Cpu): Cpu {
  return {
    hubMs: a.hubMs - b.hubMs,
    lanesMs: a.lanesMs - b.lanesMs,
    controlsMs: a.controlsMs - b.controlsMs,
    postgresMs: a.postgresMs - b.postgresMs,
  };
}

function spread(tookMs: readonly number[]): { p50Ms: number; p95Ms: number; p99Ms: number; count: number } {
  const sorted = [...tookMs].sort((a, b) => a - b);
  const at = (share: number): number => round(percentile(sorted, share));
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), count: sorted.length };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
