import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import type { Browser } from 'playwright';
import { findChromium, launchChromium } from './browser.ts';
import { buildPages } from './build-pages.ts';
import { scriptWindow } from './scripted-window.ts';
import { servePages } from './serve.ts';
import { writeSpecimenFilm } from './specimen-camera.ts';

const root = join(import.meta.dirname, '../..');

type PageName = 'traveller' | 'supervisor' | 'bench' | 'diagnostics' | 'kit';

interface ScreenFixtures {
  /** Opens a built page of the given size under the real content security policy. Any error it reports fails the test. */
  open(name: PageName, size: { width: number; height: number }, prepare?: (page: Page) => Promise<void>): Promise<Page>;
}

interface WorkerFixtures {
  site: { url: string; chromium: Browser };
}

export const test = base.extend<ScreenFixtures, WorkerFixtures>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from this pattern
    async ({}, use) => {
      const executable = findChromium();
      // Loud on purpose: a screen test that silently does not look is worse than none.
      if (executable === null) throw new Error('no Chromium: install one or set JOINTGATE_CHROMIUM');
      const film = await writeSpecimenFilm(join(root, 'out/screens-test/specimen.mjpeg'));
      const pages = await buildPages();
      const server = await servePages(pages.folder);
      const chromium = await launchChromium(executable, film);
      await use({ url: server.url, chromium });
      await chromium.close();
      server.close();
      await pages.remove();
    },
    { scope: 'worker' },
  ],
  open: async ({ site }, use) => {
    const complaints: string[] = [];
    const contexts: { close(): Promise<void> }[] = [];
    await use(async (name, size, prepare) => {
      const context = await site.chromium.newContext({ viewport: size, locale: 'en-GB', timezoneId: 'Asia/Macau' });
      contexts.push(context);
      await scriptWindow(context);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await prepare?.(page);
      await page.goto(`${site.url}/${name}/index.html`);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(complaints).toEqual([]);
  },
});

export { expect };
