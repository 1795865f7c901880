import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContext, Page } from 'playwright';
import { LANGUAGES, type Language } from '../../app/contract/traveller-view.ts';
import { CONSOLE_LANGUAGES } from '../../app/renderer/supervisor/catalogue/catalogues.ts';
import { TRAVELLER_CATALOGUES } from '../../app/renderer/traveller/catalogue/catalogues.ts';
import { benchView } from './bench-views.ts';
import { findChromium, launchChromium } from './browser.ts';
import { NOW, SUPERVISOR_SCENES } from './console-views.ts';
import { pushView, scriptWindow } from './scripted-window.ts';
import { servePages } from './serve.ts';
import { writeSpecimenFilm } from './specimen-camera.ts';
import { TRAVELLER_SCENES } from './traveller-views.ts';

/**
 * Photographs the built screens: `node test/screens/shoot.ts [--only text] [--size portrait] [--language en]`.
 * Writes to out/screenshots/. Exits 1 when a page reported an error or broke the content security policy.
 */
const SIZES = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
  desk: { width: 540, height: 960 },
  console: { width: 1440, height: 900 },
  bench: { width: 1360, height: 860 },
} as const;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    size: { type: 'string', default: 'portrait' },
    language: { type: 'string', default: 'en' },
    comfort: { type: 'string', default: '' },
    page: { type: 'string', default: 'all' },
    theme: { type: 'string', default: 'dark' },
  },
});
const root = join(import.meta.dirname, '../..');
const out = join(root, 'out/screenshots');
const executable = findChromium();
if (executable === null) {
  process.stderr.write('screenshots: no Chromium found; install one or set JOINTGATE_CHROMIUM\n');
  process.exit(1);
}

const THEMES = ['dark', 'light', 'contrast'];
const complaints: string[] = [];
function listen(page: Page, name: string): void {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${name}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
}

async function photograph(page: Page, path: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // Every animation shows its moment at 2.6 s: the same picture each time.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      animation.pause();
      animation.currentTime = 2600;
    }
  });
  await page.screenshot({ path });
}

async function shootTraveller(
  context: BrowserContext,
  url: string,
  sizeName: string,
  language: Language,
): Promise<void> {
  const size = SIZES[sizeName as keyof typeof SIZES];
  const page = await context.newPage();
  listen(page, 'traveller');
  await page.setViewportSize(size);
  await page.goto(`${url}/traveller/index.html`);
  for (const { name, view } of TRAVELLER_SCENES.filter((scene) => scene.name.includes(options.only))) {
    await pushView(page, { ...view, suggestedLanguage: language });
    await page.locator(`html[data-step="${view.step}"]`).waitFor();
    if (options.comfort !== '') await page.locator(`[data-comfort="${options.comfort}"][aria-pressed="false"]`).click();
    if (view.hint !== null)
      await page.getByRole('heading', { name: TRAVELLER_CATALOGUES[language].hints[view.hint] }).waitFor();
    if (view.camera) await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    const folder = join(out, 'traveller', [sizeName, language, options.comfort].filter(Boolean).join('-'));
    await mkdir(folder, { recursive: true });
    await photograph(page, join(folder, `${name}.png`));
    if (options.comfort !== '') await page.locator(`[data-comfort="${options.comfort}"][aria-pressed="true"]`).click();
  }
  await page.close();
}

async function shootSupervisor(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  listen(page, 'supervisor');
  await page.setViewportSize(SIZES.console);
  await page.clock.setFixedTime(NOW);
  await page.goto(`${url}/supervisor/index.html`);
  const folder = join(out, ['supervisor', options.theme, options.language].join('-'));
  await mkdir(folder, { recursive: true });
  await pushView(page, SUPERVISOR_SCENES[0]?.view);
  for (let i = CONSOLE_LANGUAGES.findIndex((name) => name === options.language); i > 0; i--)
    await page.keyboard.press('l');
  for (let i = THEMES.indexOf(options.theme); i > 0; i--) await page.keyboard.press('t');
  for (const { name, view } of SUPERVISOR_SCENES.filter((scene) => scene.name.includes(options.only))) {
    await pushView(page, view);
    await page.locator(`[data-viewer="${view.viewer}"] .lane[data-step="${view.step}"]`).waitFor();
    await photograph(page, join(folder, `${name}.png`));
  }
  await page.close();
}

async function shootBench(context: BrowserContext, url: string): Promise<void> {
  const page = await context.newPage();
  listen(page, 'bench');
  await page.setViewportSize(SIZES.bench);
  await page.goto(`${url}/bench/index.html`);
  await pushView(page, await benchView());
  await page.locator('.bench').waitFor();
  await photograph(page, join(out, 'bench.png'));
  await page.close();
}

const film = await writeSpecimenFilm(join(out, 'specimen.mjpeg'));
const server = await servePages(join(root, 'dist/renderer'));
const browser = await launchChromium(executable, film);
try {
  const context = await browser.newContext({ permissions: ['camera'], locale: 'en-GB', timezoneId: 'Asia/Macau' });
  await scriptWindow(context);
  const shows = (name: string) => options.page === 'all' || options.page === name;
  if (shows('supervisor')) await shootSupervisor(context, server.url);
  if (shows('bench')) await shootBench(context, server.url);
  const sizes = options.size === 'all' ? ['portrait', 'landscape', 'desk'] : [options.size];
  const languages = options.language === 'all' ? LANGUAGES : LANGUAGES.filter((name) => name === options.language);
  for (const size of shows('traveller') ? sizes : [])
    for (const language of languages) await shootTraveller(context, server.url, size, language);
} finally {
  await browser.close();
  server.close();
}
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
process.exitCode = complaints.length === 0 ? 0 : 1;
