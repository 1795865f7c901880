import { axeViolations } from './axe.ts';
import { expect, test } from './screen-test.ts';

test('axe finds nothing on the kit: every part in every state in every theme', async ({ open }) => {
  const page = await open('kit', { width: 1440, height: 900 });
  await page.locator('.kit').waitFor();
  expect(await axeViolations(page, 4.5)).toEqual([]);
});
