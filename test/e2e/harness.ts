import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, type ElectronApplication, _electron as electron, expect, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { stepsShown } from './steps-shown.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000;
/** Longer than the hold that irreversible actions ask for. */
const HOLD_MS = 1_500;

const VIEWERS = {
  exit: { key: 'x', role: 'exitOfficer' },
  entry: { key: 'n', role: 'entryOfficer' },
  port: { key: 'p', role: 'portSupervisor' },
} as const;
type ViewerName = keyof typeof VIEWERS;

/** The running demo lane as a tester meets it: three windows, pictures of them, and the record they leave. */
export interface DemoLane {
  readonly app: ElectronApplication;
  readonly traveller: Page;
  readonly supervisor: Page;
  readonly bench: Page;
  readonly folder: string;
  /** Somebody stands before the camera and lays a document on the scanner. */
  come(document: RegExp, person: RegExp): Promise<void>;
  step(step: string | RegExp): Promise<void>;
  viewAs(viewer: ViewerName): Promise<void>;
  /** Holds one of the referral's buttons until it acts. */
  resolve(action: RegExp): Promise<void>;
  /** An officer has looked at the lane and opens it, by holding the button. */
  openLane(): Promise<void>;
  keepPicture(name: string): Promise<void>;
  /** Exit code of `jointgate record verify` on the lane's record. */
  verifyRecord(): Promise<number>;
  /** States of all records, oldest first. */
  recordStates(): readonly string[];
  /** Identifiers of all records, oldest first. */
  recordIds(): readonly string[];
  /** Sealed things kept for referrals now. */
  materials(): number;
  /** Files of the lane's data in which this text stands as it is. */
  filesHolding(text: string): readonly string[];
  /** Exit and entry rows that stand. */
  clearances(): number;
  /** Process id of the lane process that runs now. */
  lanePid(): Promise<number>;
}

interface Fixtures {
  /** Starts the demo lane; whatever was started is closed when the test ends. `story` names the folder of its pictures. */
  readonly launchDemo: (story: string, extra?: readonly string[]) => Promise<DemoLane>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern.
  launchDemo: async ({}, use) => {
    const started: DemoLane[] = [];
    await use(async (story, extra = []) => {
      const demo = await launch(story, extra);
      started.push(demo);
      return demo;
    });
    for (const { app, folder } of started) {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
export { expect };

async function launch(story: string, extra: readonly string[]): Promise<DemoLane> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-e2e-'));
  const executable = process.env.JOINTGATE_E2E_EXECUTABLE;
  if (executable === undefined) throw new Error('run these tests by `npm run e2e` or `npm test`');
  const args = JSON.parse(process.env.JOINTGATE_E2E_ARGS ?? '[]') as string[];
  const app = await electron.launch({
    executablePath: executable,
    args: [...args, '--demo', '--windowed', `--demo-folder=${folder}`, ...extra],
    timeout: START_MS,
  });
  const [traveller, supervisor, bench] = [
    await openWindow(app, 'traveller'),
    await openWindow(app, 'supervisor'),
    await openWindow(app, 'bench'),
  ];
  const pictures = join(ROOT, 'out/e2e', story);
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const record = join(folder, 'data/record.sqlite');
  let count = 0;
  return {
    app,
    traveller,
    supervisor,
    bench,
    folder,
    step: stepsShown(traveller, START_MS),
    come: async (document, person) => {
      const place = bench.getByRole('region', { name: /camera/i }).getByRole('button', { name: person });
      await place.click();
      await expect(place).toHaveAttribute('aria-pressed', 'true');
      await bench
        .getByRole('region', { name: /documents/i })
        .getByRole('button', { name: document })
        .click();
    },
    // Until the lane shows itself to that viewer: keys pressed before would still be the last viewer's.
    viewAs: async (viewer) => {
      const { key, role } = VIEWERS[viewer];
      await supervisor.keyboard.press(key);
      await supervisor.locator(`[data-viewer="${role}"]`).waitFor();
    },
    // A reason first, then the button is held until it acts.
    resolve: async (action) => {
      await supervisor.keyboard.press('1');
      await hold(supervisor, action);
    },
    openLane: () => hold(supervisor, /open the lane/i),
    keepPicture: async (name) => {
      count += 1;
      const number = String(count).padStart(2, '0');
      await traveller.screenshot({ path: join(pictures, `${number}-${name}-traveller.png`) });
      await supervisor.screenshot({ path: join(pictures, `${number}-${name}-supervisor.png`) });
    },
    verifyRecord: async () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(ROOT, 'app/cli/main.ts'), 'record', 'verify', record],
        { encoding: 'utf8' },
      );
      if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
      return status ?? -1;
    },
    recordStates: () =>
      query<{ state: string }>(record, 'SELECT state FROM records ORDER BY opened_at').map(({ state }) => state),
    recordIds: () =>
      query<{ id: string }>(record, 'SELECT record_id AS id FROM records ORDER BY opened_at').map(({ id }) => id),
    materials: () => query<{ n: number }>(record, 'SELECT count(*) AS n FROM referral_material')[0]?.n ?? -1,
    filesHolding: (text) =>
      readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true })
        .filter((it) => it.isFile())
        .map((it) => join(it.parentPath, it.name))
        .filter((path) => readFileSync(path).includes(text)),
    clearances: () =>
      query<{ n: number }>(record, "SELECT count(*) AS n FROM clearances WHERE status = 'standing'")[0]?.n ?? -1,
    lanePid: () =>
      app.evaluate(() =>
        Number((globalThis as { jointgateLanePid?: () => number | undefined }).jointgateLanePid?.() ?? 0),
      ),
  };
}

function query<Row>(path: string, sql: string): Row[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare<[], Row>(sql).all();
  } finally {
    database.close();
  }
}

/** Holds a button until it has acted and gone. */
async function hold(page: Page, name: RegExp): Promise<void> {
  const button = page.getByRole('button', { name });
  await button.hover({ timeout: START_MS });
  await page.mouse.down();
  await expect(button).toBeHidden({ timeout: HOLD_MS * 4 });
  await page.mouse.up();
}

async function openWindow(app: ElectronApplication, name: string): Promise<Page> {
  const isIt = (page: Page): boolean => page.url().includes(`/${name}/`);
  const found = app.windows().find(isIt) ?? (await app.waitForEvent('window', { predicate: isIt, timeout: START_MS }));
  // The event itself may have been before anybody listened.
  await found.waitForFunction(() => document.readyState !== 'loading', undefined, { timeout: START_MS });
  return found;
}
