import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PlayedCrossing, play } from '../../app/demo/play.ts';
import { scenarioCalled } from '../../app/demo/scenarios.ts';
import { percentile } from './percentile.ts';

const OUT = fileURLToPath(new URL('../../out/bench/', import.meta.url));
const CROSSINGS = 200;
const WARM_UP = 10;
/** Document lines received to last-door command, p95. Milliseconds. */
const LIMIT_P95_MS = 250;
/** A camera that never makes the models wait; a faster one would only keep the lane's thread busy with frames nobody looks at. */
const FRAME_EVERY_MS = 10;

export interface CrossingBench {
  readonly crossings: number;
  /** Milliseconds since the step before. */
  readonly steps: readonly { readonly step: string; readonly p50: number; readonly p95: number }[];
  readonly total: { readonly p50: number; readonly p95: number; readonly limitP95: number; readonly ratio: number };
}

/** Cleared crossings on a whole three-door lane with devices, people and camera of zero delay. */
export async function run(): Promise<CrossingBench> {
  const scenario = scenarioCalled('clear');
  if (scenario === null) throw new Error('no scenario clear');
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-bench-'));
  const played = await play({
    folder,
    topology: 'threeDoor',
    scenario,
    crossings: CROSSINGS + WARM_UP,
    frameEveryMs: FRAME_EVERY_MS,
    onCrossing: () => undefined,
  });
  rmSync(folder, { recursive: true, force: true });
  const failed = played.filter(({ asExpected }) => !asExpected);
  if (failed.length > 0) throw new Error(`${failed.length} crossings did not clear: ${JSON.stringify(failed[0])}`);
  const counted = played.slice(WARM_UP);
  const totals = counted.map(({ milliseconds }) => milliseconds.lastDoor ?? Number.NaN);
  const p95 = percentile(totals, 0.95);
  return {
    crossings: counted.length,
    steps: stepsOf(counted),
    total: { p50: percentile(totals, 0.5), p95, limitP95: LIMIT_P95_MS, ratio: p95 / LIMIT_P95_MS },
  };
}

function stepsOf(played: readonly PlayedCrossing[]): CrossingBench['steps'] {
  const names = Object.keys(played[0]?.milliseconds ?? {});
  return names.map((step, index) => {
    const taken = played.map(
      ({ milliseconds }) =>
        (milliseconds[step] ?? Number.NaN) - (index === 0 ? 0 : (milliseconds[names[index - 1] ?? ''] ?? 0)),
    );
    return { step, p50: percentile(taken, 0.5), p95: percentile(taken, 0.95) };
  });
}

if (import.meta.main) {
  const result = await run();
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}crossing.json`, `${JSON.stringify({ node: process.version, ...result }, null, 2)}\n`);
  console.log(`crossing, ${result.crossings} cleared, devices of zero delay, milliseconds since the step before`);
  for (const { step, p50, p95 } of result.steps)
    console.log(`  ${step.padEnd(16)} p50 ${p50.toFixed(1).padStart(8)}   p95 ${p95.toFixed(1).padStart(8)}`);
  const { p50, p95, limitP95, ratio } = result.total;
  console.log(
    `  lines to last-door command: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, limit ${limitP95} ms, ratio ${ratio.toFixed(2)}`,
  );
}
