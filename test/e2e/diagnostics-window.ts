import type { Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { DEMO_PIN } from '../../app/demo/seed-lane.ts';
import { type DemoLane, expect } from './harness.ts';

const TECHNICIAN = 'T4001';

/** The technician's window of a running demo, started with `--diagnostics`. */
export interface TechnicianDesk {
  readonly page: Page;
  signIn(): Promise<void>;
  /** Signed in and the lane in hand. */
  takeLane(): Promise<void>;
  /** Presses a page's key and waits for it. */
  open(key: string, id: string): Promise<void>;
  /** Holds a button until `done` holds. */
  hold(name: RegExp, done: () => Promise<void>): Promise<void>;
  mode(mode: string): Promise<void>;
  keepPicture(name: string): Promise<void>;
  /** Audit events of the journal, oldest first, with their facts. */
  audit(): readonly { readonly event: string; readonly facts: Readonly<Record<string, unknown>> }[];
}

export async function technicianDesk(demo: DemoLane, story: string): Promise<TechnicianDesk> {
  const isIt = (page: Page): boolean => page.url().includes('/diagnostics/');
  const page =
    demo.app.windows().find(isIt) ?? (await demo.app.waitForEvent('window', { predicate: isIt, timeout: 60_000 }));
  await page.waitForLoadState('domcontentloaded');
  const mode = (wanted: string): Promise<void> =>
    expect(page.locator('.workbench')).toHaveAttribute('data-mode', wanted, { timeout: 60_000 });
  const hold: TechnicianDesk['hold'] = async (name, done) => {
    await page.getByRole('button', { name }).hover({ timeout: 60_000 });
    await page.mouse.down();
    await done();
    await page.mouse.up();
  };
  const signIn = async (): Promise<void> => {
    await page.getByRole('textbox', { name: /service number/i }).fill(TECHNICIAN, { timeout: 60_000 });
    await page.getByLabel('PIN').fill(DEMO_PIN);
    await page.getByLabel('PIN').press('Enter');
    await expect(page.locator('.workbench')).toHaveAttribute('data-signed-in', 'true', { timeout: 60_000 });
  };
  let count = 0;
  return {
    page,
    signIn,
    takeLane: async () => {
      await signIn();
      await hold(/take the lane out of service/i, () => mode('inside'));
    },
    open: async (key, id) => {
      await page.keyboard.press(key);
      await page.locator(`[data-page="${id}"]`).waitFor();
    },
    hold,
    mode,
    keepPicture: async (name) => {
      count += 1;
      await page.screenshot({ path: `out/e2e/${story}/${String(count).padStart(2, '0')}-${name}.png` });
    },
    audit: () => {
      const database = new Database(`${demo.folder}/data/record.sqlite`, { readonly: true });
      try {
        return database
          .prepare<[], { payload: string }>('SELECT payload FROM journal ORDER BY seq')
          .all()
          .map(({ payload }) => JSON.parse(payload) as { event?: string; facts?: Record<string, unknown> })
          .flatMap(({ event, facts }) => (event === undefined ? [] : [{ event, facts: facts ?? {} }]));
      } finally {
        database.close();
      }
    },
  };
}
