import { CAPTURE_HINTS, type CaptureHint, LANGUAGES, type Language } from '../../app/contract/traveller-view.ts';
import { TRAVELLER_CATALOGUES } from '../../app/renderer/traveller/catalogue/catalogues.ts';
import { COMFORTS } from '../../app/renderer/traveller/session.ts';
import { axeViolations } from './axe.ts';
import { overlappingText, unreadableText } from './layout.ts';
import { expect, test } from './screen-test.ts';
import { pushView } from './scripted-window.ts';
import { TRAVELLER_SCENES, titleOf, travellerView } from './traveller-views.ts';

const SIZES = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
} as const;
const BLOCKS = ['.screen-head', '.track', '.stage-words', '.time-warning', '.comfort-bar', '.language-bar'];

function longestHints(language: Language): readonly CaptureHint[] {
  const { hints } = TRAVELLER_CATALOGUES[language];
  return [...CAPTURE_HINTS].sort((one, other) => hints[other].length - hints[one].length).slice(0, 2);
}

for (const [sizeName, size] of Object.entries(SIZES)) {
  for (const language of LANGUAGES) {
    test(`every step reads well: ${sizeName}, ${language}`, async ({ open }) => {
      const page = await open('traveller', size);
      const looks = [null, ...COMFORTS];
      for (const look of looks) {
        await pushView(page, travellerView('readingDocument', { suggestedLanguage: language }));
        if (look !== null) await page.locator(`[data-comfort="${look}"]`).click();
        for (const { name, view } of TRAVELLER_SCENES) {
          // Idle steps end a session and with it the comfort: they are looked at on their own below.
          if (look !== null && ['attract', 'outOfService', 'starting'].includes(view.step)) continue;
          // Hints follow each other slowly: only those with the most to say, and all others once, without a look.
          if (look !== null && view.hint !== null && !longestHints(language).includes(view.hint)) continue;
          await pushView(page, { ...view, suggestedLanguage: language });
          const title = titleOf(view, TRAVELLER_CATALOGUES[language]);
          await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
          const what = `${name} ${look ?? ''}`;
          expect(await unreadableText(page, 24), what).toEqual([]);
          expect(await overlappingText(page, BLOCKS), what).toEqual([]);
        }
        if (look !== null) await page.locator(`[data-comfort="${look}"]`).click();
      }
      // The idle screen too, each comfort toggled on it.
      for (const step of ['attract', 'outOfService'] as const) {
        await pushView(page, travellerView(step, { suggestedLanguage: language }));
        for (const look of COMFORTS) {
          await page.locator(`[data-comfort="${look}"]`).click();
          expect(await unreadableText(page, 24), `${step} ${look}`).toEqual([]);
          expect(await overlappingText(page, BLOCKS), `${step} ${look}`).toEqual([]);
          await page.locator(`[data-comfort="${look}"]`).click();
        }
      }
    });
  }
}

test('at 200 % zoom no text is lost, too small or over another', async ({ open }) => {
  // Zooming in by two leaves half as many pixels of style on the same glass.
  const page = await open('traveller', { width: 540, height: 960 });
  for (const language of LANGUAGES) {
    for (const { name, view } of TRAVELLER_SCENES.filter(({ view: { hint } }) => hint === null)) {
      await pushView(page, { ...view, suggestedLanguage: language });
      const title = titleOf(view, TRAVELLER_CATALOGUES[language]);
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
      expect(await unreadableText(page, 12), `${name} ${language}`).toEqual([]);
      expect(await overlappingText(page, BLOCKS), `${name} ${language}`).toEqual([]);
    }
  }
});

test('the language buttons never move and the words of every step begin at the same height', async ({ open }) => {
  const page = await open('traveller', SIZES.portrait);
  const bars = new Set<number>();
  const words = new Set<number>();
  for (const { view } of TRAVELLER_SCENES) {
    await pushView(page, view);
    await page.locator(`html[data-step="${view.step}"]`).waitFor();
    bars.add((await page.locator('.language-bar').boundingBox())?.y ?? -1);
    const isSign = view.step === 'attract' || view.step === 'goThrough' || view.warnSecondsLeft !== null;
    if (!isSign) words.add(Math.round((await page.locator('.stage-words').boundingBox())?.y ?? -1));
  }
  expect(bars.size).toBe(1);
  expect(words.size).toBe(1);
});

for (const look of [null, 'highContrast'] as const) {
  test(`axe finds nothing on any step${look === null ? '' : ` with ${look}`}`, async ({ open }) => {
    const page = await open('traveller', SIZES.portrait);
    await pushView(page, travellerView('walkIn'));
    if (look !== null) await page.locator(`[data-comfort="${look}"]`).click();
    for (const { name, view } of TRAVELLER_SCENES) {
      await pushView(page, view);
      await page.locator(`html[data-step="${view.step}"]`).waitFor();
      expect(await axeViolations(page, 7), name).toEqual([]);
    }
  });
}
