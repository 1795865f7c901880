import { axeViolations } from './axe.ts';
import { benchView } from './bench-views.ts';
import { unreadableText } from './layout.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, pushView } from './scripted-window.ts';

test('everything on the bench sends what it says', async ({ open }) => {
  const page = await open('bench', { width: 1360, height: 860 });
  await pushView(page, await benchView());
  await page.locator('[data-document="passport"]').click();
  await page.locator('[data-scene="impostor"]').click();
  await page.locator('[data-door="2"]').getByRole('button', { name: 'Walk through' }).click();
  await page.locator('[data-door="1"]').getByRole('button', { name: 'Turn back' }).click();
  await page.locator('[data-door="3"]').getByRole('button', { name: 'Two at once' }).click();
  await page.getByRole('switch', { name: 'Walks by itself' }).click();
  await page.locator('[data-device="scanner"]').getByRole('button', { name: 'Plug in' }).click();
  await page.locator('[data-device="laneController"]').getByRole('button', { name: 'Unplug' }).click();
  await page.getByRole('button', { name: 'an endless line' }).click();
  await page.getByRole('button', { name: 'Emergency release' }).click();
  expect(await actionsOf(page)).toEqual([
    { type: 'presentDocument', documentId: 'passport' },
    { type: 'standBeforeCamera', sceneId: 'impostor' },
    { type: 'walkIn', door: 2 },
    { type: 'walkBack', door: 1 },
    { type: 'tailgate', door: 3 },
    { type: 'walkByItself', on: false },
    { type: 'replug', device: 'scanner' },
    { type: 'unplug', device: 'laneController' },
    { type: 'presentGarbage', kind: 'endless' },
    { type: 'pressEmergency' },
  ]);
});

test('axe finds nothing and every button holds its words', async ({ open }) => {
  const page = await open('bench', { width: 1360, height: 860 });
  await pushView(page, await benchView());
  await page.locator('.bench').waitFor();
  expect(await axeViolations(page, 7)).toEqual([]);
  expect((await unreadableText(page, 9)).filter((complaint) => complaint.startsWith('outside its button'))).toEqual([]);
});
