import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron as electron, type Page } from 'playwright';
import { prepareLaunch } from '../../build/launch.ts';
import { percentile } from './percentile.ts';

const OUT = fileURLToPath(new URL('../../out/bench/', import.meta.url));
const LIMITS = { touchP95Ms: 100, longestTaskMs: 50 };
/** Touches with the camera on: enough for a 95th percentile. */
const TOUCHES = Number(process.env.BENCH_TOUCHES ?? 60);
const BETWEEN_TOUCHES_MS = 60;
const START_MS = 90_000;
/** A machine too busy for the models refers its travellers: the measurement ends with what there is. */
const MEASURE_MS = 300_000;
const LANGUAGES = ['pt', 'en'] as const;
/** The browser tells no shorter one; touches without an entry count as this. */
const SHORTEST_MS = 16;

export interface TravellerBench {
  readonly electron: string;
  readonly crossings: number;
  readonly touches: number;
  /** From a touch on a language button to the frame that shows it (W3C Event Timing), while the camera is on. */
  readonly touchMs: { readonly median: number; readonly p95: number; readonly max: number; readonly limit: number };
  /** Tasks over 50 ms on the main thread of the traveller's window while the camera was on (W3C Long Tasks). */
  readonly longTasks: { readonly count: number; readonly longestMs: number; readonly limit: number };
  /** The same before and after: the screens of a crossing that need no camera. */
  readonly longTasksCameraOff: { readonly count: number; readonly longestMs: number };
  readonly cameraOnS: number;
  readonly machine: { readonly cores: number; readonly load: number };
}

interface Timed {
  readonly atMs: number;
  readonly ms: number;
}

interface Seen {
  readonly tasks: Timed[];
  /** Every touch, and those of them that took long enough for the browser to tell. */
  readonly clicks: Timed[];
  readonly touches: Timed[];
  readonly cameraOn: { fromMs: number; toMs: number }[];
}

/** The demo lane on real Electron: its camera film, its models and its screen, and a finger that changes the language all the time. */
export async function run(): Promise<TravellerBench> {
  const launchable = await prepareLaunch(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-touch-'));
  const app = await electron.launch({
    executablePath: launchable.runtime.executable,
    args: [...launchable.args, '--demo', '--windowed', `--demo-folder=${folder}`],
    env: { ...(launchable.env as Record<string, string>) },
    timeout: START_MS,
  });
  try {
    const windowOf = async (name: string): Promise<Page> => {
      const isIt = (page: Page): boolean => page.url().includes(`/${name}/`);
      return app.windows().find(isIt) ?? app.waitForEvent('window', { predicate: isIt, timeout: START_MS });
    };
    const [traveller, bench] = [await windowOf('traveller'), await windowOf('bench')];
    await traveller.locator('html[data-step="attract"]').waitFor({ timeout: START_MS });
    await watch(traveller);
    await bench.locator('[data-scene]', { hasText: 'ERIKSSON' }).first().click();
    let crossings = 0;
    let seen = await seenBy(traveller);
    const endMs = performance.now() + MEASURE_MS;
    for (let touch = 0; whileCameraOn(seen, seen.clicks).length < TOUCHES && performance.now() < endMs; touch += 1) {
      const { x, y, step } = await traveller.evaluate(whereToTouch, LANGUAGES[touch % LANGUAGES.length]!);
      if (step === 'attract') {
        await bench.locator('[data-document="eriksson"]').click();
        crossings += 1;
        await traveller.locator('html:not([data-step="attract"])').waitFor({ timeout: START_MS });
      }
      await traveller.mouse.click(x, y);
      await sleep(BETWEEN_TOUCHES_MS);
      if (touch % 10 === 0) seen = await seenBy(traveller);
    }
    seen = await seenBy(traveller);
    const touched = whileCameraOn(seen, seen.clicks).length;
    const answered = whileCameraOn(seen, seen.touches);
    const on = whileCameraOn(seen, seen.tasks).map(({ ms }) => ms);
    const off = seen.tasks.filter((task) => !whileCameraOn(seen, [task]).length).map(({ ms }) => ms);
    // A touch that was answered sooner than the browser tells leaves no entry.
    const quick = Array<number>(Math.max(0, touched - answered.length)).fill(SHORTEST_MS);
    const touches = [...answered.map(({ ms }) => ms), ...quick];
    return {
      electron: `${launchable.runtime.version} (${launchable.runtime.source})`,
      crossings,
      touches: touched,
      touchMs: {
        median: percentile(touches, 0.5),
        p95: percentile(touches, 0.95),
        max: Math.max(...touches),
        limit: LIMITS.touchP95Ms,
      },
      longTasks: { count: on.length, longestMs: Math.max(0, ...on), limit: LIMITS.longestTaskMs },
      longTasksCameraOff: { count: off.length, longestMs: Math.max(0, ...off) },
      // The measurement may end in the middle of one: it is not counted.
      cameraOnS: seen.cameraOn.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, toMs - fromMs) / 1000, 0),
      machine: { cores: cpus().length, load: loadavg()[0] ?? 0 },
    };
  } finally {
    await app.close();
    launchable.display?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const seenBy = (page: Page): Promise<Seen> => page.evaluate(() => (window as unknown as { seen: Seen }).seen);

function whileCameraOn(seen: Seen, timed: readonly Timed[]): readonly Timed[] {
  const during = ({ atMs }: Timed): boolean =>
    seen.cameraOn.some(({ fromMs, toMs }) => atMs >= fromMs && (toMs === 0 || atMs <= toMs));
  return timed.filter(during);
}

/** Runs in the page: where the finger goes now, and what the screen says. */
function whereToTouch(language: string): { x: number; y: number; step: string } {
  const box = document.querySelector(`button[lang="${language}"]`)?.getBoundingClientRect();
  if (box === undefined) throw new Error(`no button for ${language} on the screen`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, step: document.documentElement.dataset.step ?? '' };
}

/** Long tasks, touches and the times of the camera, by the page's own clock. */
async function watch(page: Page): Promise<void> {
  await page.evaluate((shortest) => {
    const seen: Seen = { tasks: [], clicks: [], touches: [], cameraOn: [] };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) seen.tasks.push({ atMs: startTime, ms: duration });
    }).observe({ type: 'longtask' });
    new PerformanceObserver((list) => {
      for (const { name, startTime, duration } of list.getEntries())
        if (name === 'click') seen.touches.push({ atMs: startTime, ms: duration });
    }).observe({ type: 'event', durationThreshold: shortest } as PerformanceObserverInit);
    document.addEventListener('click', ({ timeStamp }) => seen.clicks.push({ atMs: timeStamp, ms: 0 }), true);
    const look = (): void => {
      const on = document.documentElement.dataset.step === 'lookHere';
      const last = seen.cameraOn.at(-1);
      if (on && (last === undefined || last.toMs > 0)) seen.cameraOn.push({ fromMs: performance.now(), toMs: 0 });
      else if (!on && last !== undefined && last.toMs === 0) last.toMs = performance.now();
    };
    new MutationObserver(look).observe(document.documentElement, { attributeFilter: ['data-step'] });
  }, SHORTEST_MS);
}

if (import.meta.main) {
  const result = await run();
  mkdirSync(OUT, { recursive: true });
  writeFileSync(`${OUT}traveller.json`, `${JSON.stringify(result, null, 2)}\n`);
  const { touchMs, longTasks, longTasksCameraOff } = result;
  console.log(
    `traveller's screen on Electron ${result.electron}, ${result.crossings} crossings, load ${result.machine.load}`,
  );
  console.log(
    `  touch to paint, camera on, ms      median ${touchMs.median}, p95 ${touchMs.p95}, max ${touchMs.max} of ${result.touches}, limit ${touchMs.limit}`,
  );
  console.log(
    `  tasks over 50 ms, camera on        ${longTasks.count} in ${result.cameraOnS.toFixed(0)} s, longest ${longTasks.longestMs} ms, limit ${longTasks.limit}`,
  );
  console.log(
    `  tasks over 50 ms, camera off       ${longTasksCameraOff.count}, longest ${longTasksCameraOff.longestMs} ms`,
  );
  process.exitCode = touchMs.p95 <= touchMs.limit && longTasks.longestMs <= longTasks.limit ? 0 : 1;
}
