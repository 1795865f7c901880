import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright';
import type { Launchable } from './launch.ts';

const OUT = fileURLToPath(new URL('../out/demo', import.meta.url));
const START_MS = 60_000;
const STEP_MS = 60_000;

/** What the scripted visitor does at the bench, and the steps the traveller's screen must then show. */
interface Visit {
  readonly name: string;
  readonly document: RegExp;
  readonly person: RegExp;
  readonly steps: readonly string[];
}

const VISITS: readonly Visit[] = [
  {
    name: 'cleared',
    document: /ERIKSSON/,
    person: /ERIKSSON/,
    steps: ['walkIn', 'lookHere', 'walkOn', 'goThrough', 'attract'],
  },
  { name: 'exit-refuses', document: /MARTA/, person: /MARTA/, steps: ['walkIn', 'lookHere', 'seeOfficer', 'attract'] },
  { name: 'expired', document: /OLGA/, person: /OLGA/, steps: ['seeOfficer', 'attract'] },
];

interface TimelineLine {
  readonly visit: string;
  readonly step: string;
  readonly atMs: number;
}

/** The demonstration without a display: plays the visits, keeps a picture of every step and the timeline in out/demo/. */
export async function runTour(
  { runtime, args, env }: Launchable,
  asked: readonly string[],
  say: (line: string) => void,
): Promise<boolean> {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const app = await electron.launch({
    executablePath: runtime.executable,
    args: [...args, '--demo', '--windowed', `--demo-folder=${join(OUT, 'lane')}`, ...asked],
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    timeout: START_MS,
  });
  const timeline: TimelineLine[] = [];
  try {
    const [traveller, supervisor, bench] = [
      await openWindow(app, 'traveller'),
      await openWindow(app, 'supervisor'),
      await openWindow(app, 'bench'),
    ];
    await showsStep(traveller, 'attract');
    let picture = 0;
    const keep = async (name: string): Promise<void> => {
      picture += 1;
      for (const [window, page] of Object.entries({ traveller, supervisor, bench })) {
        await page.screenshot({ path: join(OUT, `${String(picture).padStart(2, '0')}-${name}-${window}.png`) });
      }
    };
    await keep('attract');
    for (const visit of VISITS) {
      say(`${visit.name}: ${visit.steps.join(', ')}`);
      await noteSteps(traveller);
      await present(bench, visit);
      for (const step of visit.steps) {
        // A step may be over before its picture is taken: what was shown, and when, is the screen's own note.
        const atMs = await stepShown(traveller, step);
        timeline.push({ visit: visit.name, step, atMs });
        await keep(`${visit.name}-${step}`);
      }
    }
    say(`pictures and timeline: ${OUT}`);
    return true;
  } catch (error) {
    say(
      `the demonstration did not go as it should: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    );
    return false;
  } finally {
    writeFileSync(join(OUT, 'timeline.json'), `${JSON.stringify({ electron: runtime, timeline }, null, 2)}\n`);
    await app.close();
  }
}

async function present(bench: Page, { document, person }: Visit): Promise<void> {
  const place = bench.getByRole('region', { name: /camera/i }).getByRole('button', { name: person });
  await place.click();
  await place.and(bench.locator('[aria-pressed="true"]')).waitFor({ timeout: STEP_MS });
  await bench
    .getByRole('region', { name: /documents/i })
    .getByRole('button', { name: document })
    .click();
}

function showsStep(traveller: Page, step: string): Promise<void> {
  return traveller.locator(`[data-step="${step}"]`).waitFor({ state: 'attached', timeout: STEP_MS });
}

type Noted = {
  jointgateSteps?: { step: string; atMs: number }[];
  jointgateFrom?: number;
  jointgateObserver?: MutationObserver;
};

/** From now on the traveller's page notes each step it shows, with the milliseconds since now. */
async function noteSteps(traveller: Page): Promise<void> {
  await traveller.evaluate(() => {
    const noted = globalThis as Noted;
    const page = document.documentElement;
    const started = performance.now();
    noted.jointgateSteps = [];
    noted.jointgateFrom = 0;
    noted.jointgateObserver?.disconnect();
    noted.jointgateObserver = new MutationObserver(() => {
      noted.jointgateSteps?.push({ step: page.dataset.step ?? '', atMs: Math.round(performance.now() - started) });
    });
    noted.jointgateObserver.observe(page, { attributes: true, attributeFilter: ['data-step'] });
  });
}

/** Waits until the step was shown, after the one asked for before; gives when. */
async function stepShown(traveller: Page, step: string): Promise<number> {
  const found = await traveller.waitForFunction(
    (wanted) => {
      const noted = globalThis as Noted;
      const steps = noted.jointgateSteps ?? [];
      const index = steps.findIndex(
        (shown, position) => position >= (noted.jointgateFrom ?? 0) && shown.step === wanted,
      );
      if (index < 0) return null;
      noted.jointgateFrom = index + 1;
      return { atMs: steps[index]?.atMs ?? 0 };
    },
    step,
    { timeout: STEP_MS },
  );
  return ((await found.jsonValue()) as { atMs: number }).atMs;
}

async function openWindow(app: ElectronApplication, name: string): Promise<Page> {
  const isIt = (page: Page): boolean => page.url().includes(`/${name}/`);
  const found = app.windows().find(isIt) ?? (await app.waitForEvent('window', { predicate: isIt, timeout: START_MS }));
  await found.waitForLoadState('domcontentloaded');
  return found;
}
