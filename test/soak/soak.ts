import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { ALLOCATOR_ENVIRONMENT, HEAP_ARGUMENTS } from '../../app/main/child-environment.ts';
import { verifyRecordFile } from '../../app/record/verify/verify-file.ts';
import { family, memoryMb, openHandles } from '../bench/processes.ts';
import { lineCharts } from './line-chart.ts';
import type { CrossingLine, FromLaneUnderSoak } from './soak-messages.ts';
import { judge, type RecordCount, type Sample, type Verdict } from './verdict.ts';

/**
 * `npm run soak [-- --crossings N]`: travellers with faults through one headless lane (devices over pseudo-terminals, real models, both
 * controls, the record), as fast as the parts allow; memory, handles and files watched from outside. Results in out/soak/.
 */
const OUT = fileURLToPath(new URL('../../out/soak/', import.meta.url));
const STANDARD_CROSSINGS = 10_000;
/** A lane that says nothing for so long is stuck. */
const SILENCE_MS = 90_000;

const { values } = parseArgs({ options: { crossings: { type: 'string', default: String(STANDARD_CROSSINGS) } } });
const crossings = Number(values.crossings);
if (!Number.isInteger(crossings) || crossings < 10) throw new Error('--crossings wants a whole number from 10');
const sampleEvery = Math.max(1, Math.floor(crossings / 400));

const folder = mkdtempSync(join(tmpdir(), 'jointgate-soak-'));
const lines: CrossingLine[] = [];
const samples: Sample[] = [];
const startedMs = performance.now();

try {
  const problem = await soak();
  const count = countRecords(join(folder, 'data/record.sqlite'));
  const verdicts = judge(lines, samples, count);
  report(verdicts, count, problem);
  process.exitCode = problem === null && lines.length === crossings && verdicts.every(({ good }) => good) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Null, or why the lane stopped before the end. */
function soak(): Promise<string | null> {
  const child = fork(fileURLToPath(new URL('./lane-under-soak.ts', import.meta.url)), [folder, String(crossings)], {
    env: { ...process.env, ...ALLOCATOR_ENVIRONMENT },
    execArgv: [...HEAP_ARGUMENTS],
  });
  let dataFolder = '';
  return new Promise((resolve) => {
    const stuck = (): void => {
      child.kill('SIGKILL');
      resolve(`the lane said nothing for ${SILENCE_MS / 1000} s after crossing ${lines.length}`);
    };
    let watch = setTimeout(stuck, SILENCE_MS);
    const end = (problem: string | null): void => {
      clearTimeout(watch);
      resolve(problem);
    };
    child.on('exit', (code) => end(code === 0 ? null : `the lane's process ended with ${code}`));
    child.on('message', (message: FromLaneUnderSoak) => {
      clearTimeout(watch);
      watch = setTimeout(stuck, SILENCE_MS);
      if (message.type === 'ready') dataFolder = message.dataFolder;
      else if (message.type === 'failed') end(message.message);
      else if (message.type === 'crossing') {
        lines.push(message);
        if (message.number % sampleEvery === 0) samples.push(sample(message.number, child.pid ?? 0, dataFolder));
        if (lines.length % 500 === 0)
          console.log(`${lines.length} of ${crossings} crossings, ${samples.at(-1)?.memoryMb.toFixed(0)} MB`);
      }
    });
  });
}

function sample(crossing: number, pid: number, dataFolder: string): Sample {
  return {
    crossing,
    memoryMb: memoryMb(family(pid)),
    handles: openHandles(pid),
    databaseBytes: databaseBytes(dataFolder),
  };
}

/** Databases of the lane and of both its controls. Their write-ahead logs have a size of their own that does not grow. */
function databaseBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(sqlite|db)$/.test(name))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

function countRecords(path: string): RecordCount {
  const verified = verifyRecordFile(path, { keys: null, receipts: [] }).ok;
  const database = new Database(path, { readonly: true });
  try {
    const rows = database
      .prepare<[], { id: string; state: string; standing: number }>(
        `SELECT r.record_id AS id, r.state AS state,
           (SELECT count(*) FROM clearances c WHERE c.record_id = r.record_id AND c.status = 'standing') AS standing
         FROM records r`,
      )
      .all();
    const held = new Set(rows.map(({ id }) => id));
    const passed = rows.filter(({ state, standing }) => standing !== (state === 'passed' ? 2 : 0));
    return {
      records: rows.length,
      half: passed.length,
      lost: lines.filter(({ outcome, recordId }) => outcome !== 'unrecorded' && !held.has(recordId)).length,
      verified,
    };
  } finally {
    database.close();
  }
}

function report(verdicts: readonly Verdict[], count: RecordCount, problem: string | null): void {
  const seconds = (performance.now() - startedMs) / 1000;
  const stories: Record<string, number> = {};
  for (const { scenario, incident } of lines) {
    const name = incident === 'none' ? scenario : incident;
    stories[name] = (stories[name] ?? 0) + 1;
  }
  const result = {
    asked: crossings,
    crossings: lines.length,
    seconds: Math.round(seconds),
    problem,
    records: count,
    verdicts,
    stories,
    samples,
  };
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}soak.json`, `${JSON.stringify(result, null, 1)}\n`);
  const timed = lines.filter(({ lastDoorMs }) => lastDoorMs !== null);
  const charts = [
    { name: 'Memory', unit: 'MB', points: samples.map(({ crossing, memoryMb: mb }) => [crossing, mb] as const) },
    {
      name: 'Handles',
      unit: 'open files',
      points: samples.map(({ crossing, handles }) => [crossing, handles] as const),
    },
    {
      name: 'Databases',
      unit: 'MB',
      points: samples.map(({ crossing, databaseBytes: b }) => [crossing, b / 2 ** 20] as const),
    },
    {
      name: 'To the last door',
      unit: 'ms',
      points: timed.map(({ number, lastDoorMs }) => [number, lastDoorMs ?? 0] as const),
    },
  ];
  const notes = verdicts.map(
    ({ name, figure, limit, good, note }) =>
      `${good ? 'good' : 'NOT GOOD'}: ${name} ${figure}, limit ${limit} (${note})`,
  );
  writeFileSync(`${OUT}soak.svg`, lineCharts(`${lines.length} crossings in ${seconds.toFixed(0)} s`, charts, notes));
  console.log(`${lines.length} of ${crossings} crossings in ${seconds.toFixed(0)} s, ${count.records} records`);
  if (problem !== null) console.log(`  STOPPED: ${problem}`);
  for (const note of notes) console.log(`  ${note}`);
}
