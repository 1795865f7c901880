import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ElectronApplication, _electron as electron } from 'playwright';
import { openDemoWorld } from '../../app/demo/demo-world.ts';
import { prepareLaunch } from '../../build/launch.ts';
import { percentile } from './percentile.ts';

const OUT = fileURLToPath(new URL('../../out/bench/', import.meta.url));
const RUNS = 5;
const LIMIT_READY_MS = 3_000;
const LIMIT_IDLE_MB = 700;

export interface LaunchBench {
  readonly electron: string;
  readonly readyMs: { readonly median: number; readonly max: number; readonly limit: number };
  /** Proportional set size of all processes together while the lane waits for a traveller. */
  readonly idleMb: { readonly median: number; readonly max: number; readonly limit: number };
}

/** From starting Electron to a traveller screen that asks for a document, and the memory of every process then. */
export async function run(): Promise<LaunchBench> {
  const launchable = await prepareLaunch(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-launch-'));
  const world = await openDemoWorld({ folder, topology: 'threeDoor', readingMs: 0, travelMs: 0, delays: {} });
  const ready: number[] = [];
  const idle: number[] = [];
  try {
    for (let i = 0; i < RUNS; i += 1) {
      const started = performance.now();
      const app = await electron.launch({
        executablePath: launchable.runtime.executable,
        args: [...launchable.args, '--windowed', `--lane-profile=${world.profilePath}`],
        env: Object.fromEntries(
          Object.entries(launchable.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
      });
      await untilReady(app);
      ready.push(performance.now() - started);
      idle.push(memoryOf(app.process().pid ?? 0));
      await app.close();
    }
  } finally {
    world.close();
    launchable.display?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    electron: `${launchable.runtime.version} (${launchable.runtime.source})`,
    readyMs: { median: percentile(ready, 0.5), max: Math.max(...ready), limit: LIMIT_READY_MS },
    idleMb: { median: percentile(idle, 0.5), max: Math.max(...idle), limit: LIMIT_IDLE_MB },
  };
}

async function untilReady(app: ElectronApplication): Promise<void> {
  const isIt = (page: { url(): string }): boolean => page.url().includes('/traveller/');
  const traveller = app.windows().find(isIt) ?? (await app.waitForEvent('window', { predicate: isIt }));
  await traveller.locator('[data-step="attract"]').waitFor({ state: 'attached', timeout: 60_000 });
}

/** Megabytes of the process and all its descendants, shared pages counted once (PSS). */
function memoryOf(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]));
    } catch {
      // It ended between the listing and the look.
    }
  }
  const belongs = (pid: number): boolean => pid === root || (parents.has(pid) && belongs(parents.get(pid) ?? 0));
  const kilobytes = [...parents.keys()].filter(belongs).map(proportionalSetSize);
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** Kilobytes; 0 for a process that ended between the listing and the look. */
function proportionalSetSize(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

if (import.meta.main) {
  const result = await run();
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}launch.json`, `${JSON.stringify(result, null, 2)}\n`);
  const { readyMs, idleMb } = result;
  console.log(`launch on Electron ${result.electron}, ${RUNS} runs`);
  console.log(
    `  to a ready traveller screen: median ${readyMs.median.toFixed(0)} ms, max ${readyMs.max.toFixed(0)} ms, limit ${readyMs.limit} ms`,
  );
  console.log(
    `  memory at idle (PSS, all processes): median ${idleMb.median.toFixed(0)} MB, max ${idleMb.max.toFixed(0)} MB, limit ${idleMb.limit} MB`,
  );
}
