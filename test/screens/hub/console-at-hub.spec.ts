import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { Browser, Page } from 'playwright';
import { chromium } from 'playwright';
import { findChromium } from '../browser.ts';
import { buildPages } from '../build-pages.ts';
import { openPort, type Port } from './port.ts';

// A real hub over PostgreSQL, a real lane that feeds it, and the console in Debian's Chromium, as the hub serves it.

const PINS = { E1001: '739204', N2001: '820461' } as const;
type Officer = keyof typeof PINS;
const PICTURES = join(import.meta.dirname, '../../../out/screens-test/hub');
const WATCHLIST = /watch ?list/i;

const test = base.extend<{ port: Port; browser: Browser }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  port: async ({}, use) => {
    const pages = await buildPages();
    const port = await openPort(pages.folder);
    await use(port);
    await port.close();
    await pages.remove();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
  browser: async ({}, use) => {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error('no Chromium: install one or set JOINTGATE_CHROMIUM');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    await use(browser);
    await browser.close();
  },
});

async function openConsole(browser: Browser, { consoleUrl }: Port, complaints: string[]): Promise<Page> {
  // The development authority is nobody's; in the field the browser knows the port's own.
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(consoleUrl);
  return page;
}

/** By keyboard alone. */
async function signIn(page: Page, officer: Officer, firstPin: string | null): Promise<void> {
  const { keyboard } = page;
  await page.getByLabel('Service number').fill(officer, { timeout: 30_000 });
  await keyboard.press('Tab');
  await keyboard.type(firstPin ?? PINS[officer]);
  await keyboard.press('Enter');
  if (firstPin !== null) {
    await expect(page.getByLabel('New PIN', { exact: true })).toBeFocused();
    await keyboard.type(PINS[officer]);
    await keyboard.press('Tab');
    await keyboard.type(PINS[officer]);
    await keyboard.press('Enter');
  }
  await expect(page.locator('.console')).toHaveAttribute('data-officer', officer, { timeout: 30_000 });
  expect(await page.content()).not.toContain(PINS[officer]);
}

const referralOf = (page: Page) => page.getByRole('region', { name: 'Referral' });

test('officers at the hub see the lane live and resolve their own side’s referrals; a hub that was away is told of', async ({
  port,
  browser,
}) => {
  const complaints: string[] = [];
  const exit = await openConsole(browser, port, complaints);
  const entry = await openConsole(browser, port, complaints);
  expect(await exit.content()).not.toContain('DEMO-1');
  await signIn(exit, 'E1001', port.firstPin);
  await signIn(entry, 'N2001', port.firstPin);
  for (const page of [exit, entry]) await expect(page.locator('.lane[data-step="attract"]')).toBeVisible();

  // Somebody passes: the lane's steps arrive as they happen.
  const seen = exit.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const steps: string[] = [];
        const look = () => {
          const step = document.querySelector('.lane')?.getAttribute('data-step') ?? '';
          if (steps.at(-1) !== step) steps.push(step);
          if (steps.length > 1 && step === 'attract') resolve(steps);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  expect(await port.come('stevenson')).toBe('passed');
  expect(await seen).toEqual(expect.arrayContaining(['attract', 'lookHere']));

  // A silent hit on the entry side's watchlist: its own officer reads why, the other side's reads the bare word.
  const watched = port.come('ines');
  await expect(referralOf(entry)).toContainText(WATCHLIST, { timeout: 60_000 });
  await expect(referralOf(exit)).toContainText('The reason is for its own side only.', { timeout: 30_000 });
  await expect(referralOf(exit).getByRole('button')).toHaveCount(0);
  expect(await exit.content()).not.toMatch(WATCHLIST);
  await expect(referralOf(entry).getByRole('img', { name: 'Live image' })).toBeVisible({ timeout: 30_000 });
  await exit.screenshot({ path: join(PICTURES, 'exit-officer.png') });
  await entry.screenshot({ path: join(PICTURES, 'entry-officer.png') });
  await entry.keyboard.press('1');
  await entry.keyboard.down('m');
  await expect(referralOf(entry)).toContainText('Nobody is waiting for you.', { timeout: 30_000 });
  await entry.keyboard.up('m');
  await watched;

  // An impostor is the exit side's.
  const impostor = port.come('stevenson', 'p10');
  await expect(referralOf(exit)).toContainText('The face does not match the enrolled portrait', { timeout: 60_000 });
  await exit.keyboard.press('2');
  await exit.keyboard.down('b');
  await expect(referralOf(exit)).toContainText('Nobody is waiting for you.', { timeout: 30_000 });
  await exit.keyboard.up('b');
  await impostor;
  await expect(exit.locator('.missed')).toHaveCount(0);

  // The hub goes and comes back. Its sessions were in its memory: officers sign in again, and read what they missed.
  await port.stopHub();
  for (const page of [exit, entry])
    await expect(page.getByText('What is shown is old.')).toBeVisible({ timeout: 30_000 });
  await exit.screenshot({ path: join(PICTURES, 'hub-gone.png') });
  // Idle as it is, it learns so from its poll, whose patience is 25 s.
  await port.laneCloses();
  await port.startHub();
  for (const [page, officer] of [
    [exit, 'E1001'],
    [entry, 'N2001'],
  ] as const) {
    await expect(page.locator('[data-session="signedOut"]')).toBeVisible({ timeout: 60_000 });
    expect(await page.content()).not.toContain('DEMO-1');
    await signIn(page, officer, null);
  }
  for (const page of [exit, entry]) {
    await expect(page.locator('.missed')).toContainText(/while you were away: [1-9]\d* event/, { timeout: 60_000 });
    await expect(page.getByText('What is shown is old.')).toHaveCount(0);
  }
  await exit.screenshot({ path: join(PICTURES, 'hub-back.png') });
  await exit.keyboard.press('v');
  await expect(exit.locator('.missed')).toHaveCount(0);
  expect(await exit.content()).not.toMatch(WATCHLIST);
  expect(complaints).toEqual([]);
});
