import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { CONSOLE_THEMES, WORKBENCH_THEMES } from '../../app/renderer/ui/use-page.ts';
import { compare, toBaseline } from './baseline-compare.ts';
import { CONSOLE_PAGES, pushConsole } from './console-pages.ts';
import { calmView, NOW, SUPERVISOR_SCENES } from './console-views.ts';
import { diagnosticsView } from './diagnostics-views.ts';
import { holdStill, TRAVELLER_SIZES } from './photographs.ts';
import { expect, test } from './screen-test.ts';
import { pushView } from './scripted-window.ts';
import { TRAVELLER_SCENES } from './traveller-views.ts';

// The main states as they were last looked at and found good. After a change that is meant, renew them and look at each:
// `npm run screens -- baseline --update-snapshots=all`.

const FOLDER = join(import.meta.dirname, 'baseline');
const OUT = join(import.meta.dirname, '../../out/screens-test/baseline');
const DESK = { width: 1440, height: 900 };

const TRAVELLER = [
  ['attract', 'portrait', 'zh-Hant', null],
  ['documentAgain-wrongSide', 'portrait', 'en', null],
  ['walkIn-warning', 'portrait', 'pt', null],
  ['lookHere', 'portrait', 'en', null],
  ['goThrough', 'portrait', 'zh-Hans', null],
  ['seeOfficer', 'portrait', 'en', null],
  ['outOfService', 'portrait', 'en', null],
  ['walkIn', 'portrait', 'en', 'largeText'],
  ['seeOfficer', 'portrait', 'pt', 'highContrast'],
  ['lookHere', 'portrait', 'zh-Hant', 'lowPosition'],
  ['goThrough', 'landscape', 'en', null],
] as const;

for (const [scene, size, language, comfort] of TRAVELLER) {
  const name = ['traveller', scene, size, language, comfort].filter((part) => part !== null).join('-');
  test(`${name} looks as it did`, async ({ open }, { config }) => {
    const page = await open('traveller', TRAVELLER_SIZES[size]);
    const view = TRAVELLER_SCENES.find((each) => each.name === scene)?.view;
    if (view === undefined) throw new Error(`no scene ${scene}`);
    await pushView(page, { ...view, suggestedLanguage: language });
    await page.locator(`html[data-step="${view.step}"][lang="${language}"]`).waitFor();
    if (comfort !== null) await page.locator(`[data-comfort="${comfort}"]`).click();
    // A film is another picture each time.
    if (view.camera !== 'off')
      await page.locator('video').evaluate((video: HTMLVideoElement) => {
        video.style.visibility = 'hidden';
      });
    await looksAsItDid(page, name, config.updateSnapshots);
  });
}

const still = (page: Page): Promise<void> => page.clock.setFixedTime(NOW);

for (const [name, theme] of [
  ['referral-exit-officer', 'dark'],
  ['referral-exit-officer', 'light'],
  ['referral-other-side', 'dark'],
  ['broken-exit-officer', 'dark'],
  ['wall', 'dark'],
  ['charts', 'dark'],
  ['signed-out', 'dark'],
] as const) {
  test(`console-${name}-${theme} looks as it did`, async ({ open }, { config }) => {
    const page = await open('supervisor', DESK, still);
    await pushConsole(page, calmView());
    await page.locator('.console').waitFor();
    for (let i = CONSOLE_THEMES.indexOf(theme); i > 0; i--) await page.keyboard.press('t');
    const scene = SUPERVISOR_SCENES.find((each) => each.name === name);
    if (scene !== undefined) await pushConsole(page, scene.view);
    else await CONSOLE_PAGES.find((each) => each.name === name)?.show(page);
    if (name.startsWith('referral-exit')) {
      const faces = page.locator('.referral-pictures img');
      await faces.nth(1).waitFor();
      // No face is kept, also none of a specimen: their frames are.
      await faces.evaluateAll((images) => {
        for (const image of images) (image as HTMLImageElement).style.visibility = 'hidden';
      });
    }
    await looksAsItDid(page, `console-${name}-${theme}`, config.updateSnapshots);
  });
}

for (const [id, key, theme] of [
  ['documentScanner', '1', 'light'],
  ['laneController', '2', 'dark'],
  ['report', 'r', 'light'],
] as const) {
  test(`diagnostics-${id}-${theme} looks as it did`, async ({ open }, { config }) => {
    const page = await open('diagnostics', DESK, still);
    await pushView(page, diagnosticsView());
    await page.locator('[data-page]').waitFor();
    for (let i = WORKBENCH_THEMES.indexOf(theme); i > 0; i--) await page.keyboard.press('t');
    await page.keyboard.press(key);
    await page.locator(`[data-page="${id}"]`).waitFor();
    await looksAsItDid(page, `diagnostics-${id}-${theme}`, config.updateSnapshots);
  });
}

async function looksAsItDid(page: Page, name: string, update: string): Promise<void> {
  await holdStill(page);
  const now = await toBaseline(await page.screenshot());
  const path = join(FOLDER, `${name}.png`);
  if (update === 'all') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, now);
    return;
  }
  expect(existsSync(path), `no baseline ${path}`).toBe(true);
  const { same, tiles, worst, worstHue, picture } = await compare(readFileSync(path), now);
  test.info().annotations.push({
    type: 'tiles that differ; worst of 255, and in hue',
    description: `${tiles}; ${worst}, ${worstHue}`,
  });
  if (same) return;
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, `${name}-differs.png`), picture);
  writeFileSync(join(OUT, `${name}-now.png`), now);
  expect(same, `${tiles} tiles differ, by up to ${worst} of 255: look at ${join(OUT, name)}-*.png`).toBe(true);
}
