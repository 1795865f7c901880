import type { Page } from '@playwright/test';
import { CAPTURE_HINTS, DOCUMENT_ADVICE, TRAVELLER_STEPS } from '../../app/contract/traveller-view.ts';
import { TRAVELLER_CATALOGUES } from '../../app/renderer/traveller/catalogue/catalogues.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, pushView, type ScriptedWindow } from './scripted-window.ts';
import { travellerView } from './traveller-views.ts';

const PORTRAIT = { width: 1080, height: 1920 };
const title = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text, exact: true });
const { en, pt, 'zh-Hans': hans } = TRAVELLER_CATALOGUES;

test('a language chosen in mid-step stays for this traveller and ends with them', async ({ open }) => {
  const page = await open('traveller', PORTRAIT);
  await pushView(page, travellerView('walkIn', { suggestedLanguage: 'en' }));
  await title(page, en.steps.walkIn.title).waitFor();
  await page.getByRole('button', { name: 'Português' }).click();
  await title(page, pt.steps.walkIn.title).waitFor();
  expect(await actionsOf(page)).toContainEqual({ type: 'languageChosen', language: 'pt' });
  await pushView(page, travellerView('walkOn', { suggestedLanguage: 'en' }));
  await title(page, pt.steps.walkOn.title).waitFor();
  await pushView(page, travellerView('attract', { suggestedLanguage: null }));
  await title(page, hans.steps.attract.title).waitFor();
});

test('more time is asked for with one touch', async ({ open }) => {
  const page = await open('traveller', PORTRAIT);
  await pushView(page, travellerView('walkIn', { warnSecondsLeft: 9 }));
  await expect(page.getByRole('alert')).toContainText('9');
  await page.getByRole('button', { name: en.warning.button }).click();
  expect(await actionsOf(page)).toContainEqual({ type: 'moreTime' });
  await pushView(page, travellerView('walkIn'));
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the low layout is told, so that the camera looks lower, and told again when the traveller has left', async ({
  open,
}) => {
  const page = await open('traveller', PORTRAIT);
  await pushView(page, travellerView('walkIn'));
  await page.locator('[data-comfort="lowPosition"]').click();
  await expect.poll(() => actionsOf(page)).toContainEqual({ type: 'lowPosition', on: true });
  await pushView(page, travellerView('attract'));
  await expect.poll(() => actionsOf(page)).toContainEqual({ type: 'lowPosition', on: false });
});

test('the officer screen is the same picture and words for every reason', async ({ open }) => {
  const page = await open('traveller', PORTRAIT);
  const pictures = new Set<string>();
  for (const stationsReached of [0, 1, 2, 3]) {
    const documentAdvice = stationsReached === 0 ? 'unreadable' : null;
    await pushView(page, travellerView('seeOfficer', { stationsReached, documentAdvice, sequence: stationsReached }));
    await title(page, en.steps.seeOfficer.title).waitFor();
    pictures.add(await page.locator('#root').innerHTML());
  }
  expect(pictures.size).toBe(1);
});

test('a view that breaks the contract is reported and the last good one stays', async ({ open }) => {
  const page = await open('traveller', PORTRAIT, async (fresh) => {
    await fresh.addInitScript(() => {
      window.addEventListener('error', (event) => {
        (window as unknown as { reported: string }).reported = event.message;
        event.preventDefault();
      });
    });
  });
  await pushView(page, travellerView('walkIn'));
  await title(page, en.steps.walkIn.title).waitFor();
  await page.evaluate(() => (window as unknown as ScriptedWindow).jointgateTest.push({ step: 'goThrough' }));
  expect(await page.evaluate(() => (window as unknown as { reported: string }).reported)).toContain('schema');
  await title(page, en.steps.walkIn.title).waitFor();
});

test('the letters of every language are there before they are needed', async ({ open }) => {
  const page = await open('traveller', PORTRAIT);
  await pushView(page, travellerView('attract', { suggestedLanguage: 'en' }));
  await title(page, en.steps.attract.title).waitFor();
  const late: string[] = [];
  page.on('request', (request) => late.push(request.url()));
  for (const name of ['繁體中文', '简体中文', 'Português', 'English']) {
    await page.getByRole('button', { name }).click();
    for (const step of TRAVELLER_STEPS) {
      await pushView(page, travellerView(step, { camera: 'off' }));
      await page.locator(`html[data-step="${step}"]`).waitFor();
    }
  }
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  expect(late).toEqual([]);
});

test('with reduced motion nothing moves and every step still has its picture', async ({ open }) => {
  const page = await open('traveller', PORTRAIT, (fresh) => fresh.emulateMedia({ reducedMotion: 'reduce' }));
  for (const step of ['attract', 'readingDocument', 'walkIn', 'pleaseWait', 'goThrough', 'stepBack'] as const) {
    await pushView(page, travellerView(step));
    await page.locator(`html[data-step="${step}"]`).waitFor();
    expect(await page.evaluate(() => document.getAnimations().length), step).toBe(0);
    await expect(page.locator('.stage-picture svg')).toBeVisible();
  }
});

test('a page that had to be loaded again in mid-crossing keeps language and text size, and forgets both with the traveller', async ({
  open,
}) => {
  const page = await open('traveller', PORTRAIT);
  await pushView(page, travellerView('walkIn', { suggestedLanguage: 'en' }));
  await page.getByRole('button', { name: 'Português' }).click();
  await page.locator('[data-comfort="largeText"]').click();
  await page.reload();
  // Nobody has told the new page anything yet.
  await title(page, pt.steps.starting.title).waitFor();
  await pushView(page, travellerView('walkIn', { suggestedLanguage: 'en' }));
  await title(page, pt.steps.walkIn.title).waitFor();
  await expect(page.locator('.screen')).toHaveAttribute('data-large', 'true');
  await pushView(page, travellerView('attract', { suggestedLanguage: null }));
  await title(page, hans.steps.attract.title).waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('each thing that can be wrong with a document has its own words and its own picture', async ({ open }) => {
  const page = await open('traveller', PORTRAIT);
  const pictures = new Set<string>();
  for (const documentAdvice of DOCUMENT_ADVICE) {
    await pushView(page, travellerView('documentAgain', { documentAdvice }));
    await title(page, en.advice[documentAdvice].title).waitFor();
    await expect(page.getByText(en.advice[documentAdvice].help)).toBeVisible();
    pictures.add(await page.locator('.stage-picture').innerHTML());
  }
  expect(pictures.size).toBe(DOCUMENT_ADVICE.length);
});

test('every hint has a sign; a turn is asked for on the side the mirror shows it', async ({ open }) => {
  const page = await open('traveller', PORTRAIT);
  const signs = new Set<string>();
  for (const hint of CAPTURE_HINTS) {
    await pushView(page, travellerView('lookHere', { hint }));
    await title(page, en.hints[hint]).waitFor();
    signs.add(await page.locator('.hint-sign').innerHTML());
    const mirror = await page.locator('.mirror').boundingBox();
    const sign = await page.locator('.hint-sign').boundingBox();
    if (mirror === null || sign === null) throw new Error('no mirror or no sign');
    const beside = sign.x + sign.width / 2 - (mirror.x + mirror.width / 2);
    if (hint === 'turnLeft') expect(beside).toBeLessThan(-mirror.width / 5);
    else if (hint === 'turnRight') expect(beside).toBeGreaterThan(mirror.width / 5);
    else expect(Math.abs(beside)).toBeLessThan(4);
  }
  expect(signs.size).toBe(CAPTURE_HINTS.length);
});
