import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BrowserContext, Page } from 'playwright';
import type { Language } from '../../app/contract/traveller-view.ts';
import { CONSOLE_LANGUAGES } from '../../app/renderer/supervisor/catalogue/catalogues.ts';
import { TRAVELLER_CATALOGUES } from '../../app/renderer/traveller/catalogue/catalogues.ts';
import { CONSOLE_THEMES } from '../../app/renderer/ui/use-page.ts';
import { benchView } from './bench-views.ts';
import { CONSOLE_PAGES, pushConsole } from './console-pages.ts';
import { calmView, NOW, SUPERVISOR_SCENES } from './console-views.ts';
import { pushView } from './scripted-window.ts';
import { TRAVELLER_SCENES } from './traveller-views.ts';

export const TRAVELLER_SIZES = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
  desk: { width: 540, height: 960 },
} as const;
export type TravellerSize = keyof typeof TRAVELLER_SIZES;

/** Where pictures go and which scenes are taken: those whose name contains `only`. */
export interface Studio {
  readonly context: BrowserContext;
  readonly url: string;
  readonly out: string;
  readonly only: string;
  /** Told what the pages complain about: a photograph of a broken page must not pass. */
  readonly complain: (complaint: string) => void;
}

export async function openPage(studio: Studio, name: string, size: { width: number; height: number }): Promise<Page> {
  const page = await studio.context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') studio.complain(`${name}: ${message.text()}`);
  });
  page.on('pageerror', (error) => studio.complain(`${name}: ${error.message}`));
  await page.setViewportSize(size);
  // Ages and clocks on consoles are those of the specimen views.
  if (name === 'supervisor' || name === 'diagnostics') await page.clock.setFixedTime(NOW);
  await page.goto(`${studio.url}/${name}/index.html`);
  return page;
}

export async function photograph(page: Page, path: string, fullPage = false): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await holdStill(page);
  await page.screenshot({ path, fullPage });
}

/** Fonts are there, and every animation shows its moment at 2.6 s: the same picture each time. */
export async function holdStill(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      animation.pause();
      animation.currentTime = 2600;
    }
  });
}

/** Every scene of the traveller screen in one size, language and comfort ('' for none); gives the folder. */
export async function shootTraveller(
  studio: Studio,
  size: TravellerSize,
  language: Language,
  comfort: string,
): Promise<string> {
  const folder = join(studio.out, 'traveller', [size, language, comfort].filter((part) => part !== '').join('-'));
  const page = await openPage(studio, 'traveller', TRAVELLER_SIZES[size]);
  const toggle = async (pressed: boolean) => {
    if (comfort !== '') await page.locator(`[data-comfort="${comfort}"][aria-pressed="${pressed}"]`).click();
  };
  for (const { name, view } of TRAVELLER_SCENES.filter((scene) => scene.name.includes(studio.only))) {
    await pushView(page, { ...view, suggestedLanguage: language });
    await page.locator(`html[data-step="${view.step}"]`).waitFor();
    await toggle(false);
    if (view.hint !== null) {
      await page.getByRole('heading', { name: TRAVELLER_CATALOGUES[language].hints[view.hint] }).waitFor();
    }
    if (view.camera !== 'off') await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await photograph(page, join(folder, `${name}.png`));
    await toggle(true);
  }
  await page.close();
  return folder;
}

/** Every scene of the console in one theme and language; gives the folder. */
export async function shootSupervisor(
  studio: Studio,
  theme: (typeof CONSOLE_THEMES)[number],
  language: (typeof CONSOLE_LANGUAGES)[number],
): Promise<string> {
  const folder = join(studio.out, 'supervisor', `${theme}-${language}`);
  const page = await openPage(studio, 'supervisor', { width: 1440, height: 900 });
  await pushConsole(page, calmView());
  await page.locator('.console').waitFor();
  for (let i = CONSOLE_LANGUAGES.indexOf(language); i > 0; i--) await page.keyboard.press('l');
  for (let i = CONSOLE_THEMES.indexOf(theme); i > 0; i--) await page.keyboard.press('t');
  for (const { name, view } of SUPERVISOR_SCENES.filter((scene) => scene.name.includes(studio.only))) {
    await pushConsole(page, view);
    await page.locator(`[data-viewer="${view.viewer}"] .lane[data-step="${view.step}"]`).waitFor();
    await photograph(page, join(folder, `${name}.png`));
  }
  for (const { name, show } of CONSOLE_PAGES.filter((scene) => scene.name.includes(studio.only))) {
    await show(page);
    await photograph(page, join(folder, `${name}.png`));
  }
  await page.close();
  return folder;
}

export async function shootBench(studio: Studio): Promise<void> {
  const page = await openPage(studio, 'bench', { width: 1200, height: 900 });
  await pushView(page, await benchView());
  await page.locator('.bench').waitFor();
  await photograph(page, join(studio.out, 'bench.png'));
  await page.close();
}

export async function shootKit(studio: Studio): Promise<void> {
  const page = await openPage(studio, 'kit', { width: 1440, height: 900 });
  await page.locator('.kit').waitFor();
  await photograph(page, join(studio.out, 'kit.png'), true);
  await page.close();
}
