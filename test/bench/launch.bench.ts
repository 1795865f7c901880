import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureSystemLibraries, hasDisplay, openVirtualDisplay } from '../../build/electron/display.ts';
import { ensureElectron } from '../../build/electron/runtime.ts';
import { buildPackage, commandLine, launchPackaged, type PackagedLane } from '../e2e/packaged-lane.ts';
import { percentile } from './percentile.ts';
import { cpuSeconds, family, memoryMb } from './processes.ts';

const OUT = fileURLToPath(new URL('../../out/bench/', import.meta.url));
const RUNS = Number(process.env.BENCH_RUNS ?? 3);
const CAMERA_OFF_MS = 8_000;
/** Shorter than the lane's patience with a camera that shows nobody. */
const CAMERA_ON_MS = 4_000;
const SETTLE_MS = 3_000;
const LIMITS = { readyMs: 3_000, idleMb: 600, cpuCameraOffPercent: 15, cpuCameraOnPercent: 60 };

interface Spread {
  readonly median: number;
  readonly max: number;
  readonly limit: number;
}

export interface LaunchBench {
  readonly electron: string;
  readonly runs: number;
  /** From starting the packaged program to a traveller screen that asks for a document. */
  readonly readyMs: Spread;
  /** Proportional set size of all its processes together while the lane waits for a traveller. */
  readonly idleMb: Spread;
  /** Of one core, all processes together. */
  readonly cpuCameraOffPercent: Spread;
  readonly cpuCameraOnPercent: Spread;
  /** The last run's, by kind of process: what to look at when it is too much. */
  readonly cpuByKind: Readonly<Record<'cameraOff' | 'cameraOn', Record<string, number>>>;
}

/** The packaged program with the demo's devices (in a process of their own, not counted). */
export async function run(): Promise<LaunchBench> {
  const runtime = ensureElectron(() => undefined);
  buildPackage();
  const display = hasDisplay() ? null : await virtualDisplay(runtime.executable);
  const measured: Record<keyof typeof LIMITS, number[]> = {
    readyMs: [],
    idleMb: [],
    cpuCameraOffPercent: [],
    cpuCameraOnPercent: [],
  };
  let cpuByKind: LaunchBench['cpuByKind'] = { cameraOff: {}, cameraOn: {} };
  try {
    for (let i = 0; i < RUNS; i += 1) {
      const lane = await launchPackaged('launch-bench');
      try {
        measured.readyMs.push(lane.readyMs);
        await sleep(SETTLE_MS);
        cpuByKind = { cameraOff: {}, cameraOn: {} };
        measured.cpuCameraOffPercent.push(await cpuPercent(lane, CAMERA_OFF_MS, cpuByKind.cameraOff));
        measured.idleMb.push(memoryMb(family(lane.main.pid ?? 0)));
        // A traveller whom the camera does not see: the models look as often as they can.
        lane.act({ type: 'presentDocument', documentId: 'eriksson' });
        await lane.step('lookHere');
        measured.cpuCameraOnPercent.push(await cpuPercent(lane, CAMERA_ON_MS, cpuByKind.cameraOn));
      } finally {
        await lane.close();
      }
    }
  } finally {
    display?.close();
  }
  const spread = (name: keyof typeof LIMITS): Spread => ({
    median: percentile(measured[name], 0.5),
    max: Math.max(...measured[name]),
    limit: LIMITS[name],
  });
  return {
    electron: `${runtime.version} (${runtime.source})`,
    runs: RUNS,
    readyMs: spread('readyMs'),
    idleMb: spread('idleMb'),
    cpuCameraOffPercent: spread('cpuCameraOffPercent'),
    cpuCameraOnPercent: spread('cpuCameraOnPercent'),
    cpuByKind,
  };
}

async function virtualDisplay(executable: string) {
  ensureSystemLibraries(executable, true, () => undefined);
  const display = await openVirtualDisplay();
  process.env.DISPLAY = display.name;
  return display;
}

/** Percent of one core, all processes together; each kind's share is kept in `byKind`. */
async function cpuPercent(lane: PackagedLane, durationMs: number, byKind: Record<string, number>): Promise<number> {
  const before = family(lane.main.pid ?? 0).map((pid) => ({ pid, kind: kindOf(pid), seconds: cpuSeconds([pid]) }));
  const startedMs = performance.now();
  await sleep(durationMs);
  const perSecond = 100_000 / (performance.now() - startedMs);
  let total = 0;
  for (const { pid, kind, seconds } of before) {
    const percent = Math.max(0, cpuSeconds([pid]) - seconds) * perSecond;
    byKind[kind] = Math.round(((byKind[kind] ?? 0) + percent) * 10) / 10;
    total += percent;
  }
  return total;
}

/** Chromium names its processes in their arguments; the lane's is a Node of its own. */
function kindOf(pid: number): string {
  const command = commandLine(pid);
  if (command.includes('/lane/dist/lane/lane.js')) return 'lane';
  return /--type=([\w-]+)/.exec(command)?.[1] ?? 'main';
}

if (import.meta.main) {
  const result = await run();
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}launch.json`, `${JSON.stringify(result, null, 2)}\n`);
  const line = (text: string, { median, max, limit }: Spread): void =>
    console.log(`  ${text.padEnd(34)} median ${median.toFixed(0)}, max ${max.toFixed(0)}, limit ${limit}`);
  console.log(`packaged program on Electron ${result.electron}, ${RUNS} runs`);
  line('to a ready traveller screen, ms', result.readyMs);
  line('idle memory of all processes, MB', result.idleMb);
  line('CPU, camera off, % of a core', result.cpuCameraOffPercent);
  line('CPU, camera on, % of a core', result.cpuCameraOnPercent);
  console.log(`  CPU by process, last run: ${JSON.stringify(result.cpuByKind)}`);
}
