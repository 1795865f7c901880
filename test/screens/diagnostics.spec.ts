import { DIAGNOSTICS_LANGUAGES } from '../../app/renderer/diagnostics/catalogue/catalogues.ts';
import { PAGES } from '../../app/renderer/diagnostics/pages.ts';
import { HOLD_MS } from '../../app/renderer/ui/hold-button.tsx';
import { axeViolations } from './axe.ts';
import { NOW } from './console-views.ts';
import { diagnosticsView, GATE_SCENES, RUNNING_SCENES } from './diagnostics-views.ts';
import { unreadableText } from './layout.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, pushView } from './scripted-window.ts';

const DESK = { width: 1440, height: 900 };

for (const theme of ['light', 'dark', 'contrast']) {
  test(`axe finds nothing on any page or moment, ${theme}`, async ({ open }) => {
    const page = await open('diagnostics', DESK);
    await pushView(page, diagnosticsView());
    await page.locator('.workbench').waitFor();
    while ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.keyboard.press('t');
    for (const { id, key } of PAGES) {
      await page.keyboard.press(key);
      await page.locator(`[data-page="${id}"]`).waitFor();
      expect(await axeViolations(page, 4.5), id).toEqual([]);
    }
    for (const { name, key, view } of RUNNING_SCENES) {
      await pushView(page, view);
      await page.keyboard.press(key);
      await page.locator('.running').waitFor();
      expect(await axeViolations(page, 4.5), name).toEqual([]);
    }
    for (const { name, view } of GATE_SCENES) {
      await pushView(page, view);
      await page.locator('.gate').waitFor();
      expect(await axeViolations(page, 4.5), name).toEqual([]);
    }
  });
}

test('a technician signs in by keyboard; a complete PIN is needed and nothing stays in the fields', async ({
  open,
}) => {
  const page = await open('diagnostics', DESK);
  await pushView(page, GATE_SCENES[0]?.view);
  await page.getByRole('textbox', { name: 'Service number' }).waitFor();
  await page.keyboard.type('t4001');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2468');
  await page.keyboard.press('Enter');
  expect(await actionsOf(page), 'four digits are no PIN').toEqual([]);
  await page.keyboard.type('10');
  await page.keyboard.press('Enter');
  expect(await actionsOf(page)).toEqual([{ type: 'signIn', officer: 'T4001', pin: '246810', newPin: null }]);
  await pushView(page, GATE_SCENES[1]?.view);
  await expect(page.getByRole('alert')).toContainText('This number is locked');
  await expect(page.getByLabel('PIN')).toHaveValue('');
});

test('the lane is taken and given back by holding, not by a touch', async ({ open }) => {
  const page = await open('diagnostics', DESK, (fresh) => fresh.clock.install({ time: NOW }));
  await pushView(page, diagnosticsView({ mode: 'outside', outOfServiceReasons: [], notReady: false }));
  await page.getByRole('button', { name: /take the lane out of service/i }).click();
  await page.keyboard.down('e');
  await page.clock.runFor(HOLD_MS - 100);
  await page.keyboard.up('e');
  expect(await actionsOf(page)).toEqual([]);
  await page.keyboard.down('e');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('e');
  await pushView(page, diagnosticsView());
  await page
    .getByRole('alert')
    .getByText(/not ready/i)
    .waitFor();
  await page.keyboard.down('q');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('q');
  expect(await actionsOf(page)).toEqual([{ type: 'enter' }, { type: 'leave' }]);
});

test('a door is asked for, named and warned of, and opens only by holding what names it', async ({ open }) => {
  const page = await open('diagnostics', DESK, (fresh) => fresh.clock.install({ time: NOW }));
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('2');
  await page.getByRole('region', { name: 'Open door 2' }).getByRole('button', { name: 'Open door 2' }).click();
  await expect(
    page.getByRole('region', { name: 'Open door 3' }).getByRole('button', { name: 'Open door 3' }),
  ).toBeDisabled();
  await pushView(page, RUNNING_SCENES[0]?.view);
  const question = page.locator('.running');
  await expect(question).toContainText('Door 2 will open for 3 seconds');
  await expect(question).toContainText('a passage is an alarm');
  await page.getByRole('button', { name: 'Open door 2 now' }).click();
  await page.keyboard.press('y');
  expect(await actionsOf(page)).toEqual([{ type: 'askDoorTest', door: 2 }]);
  await page.keyboard.down('y');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('y');
  await page.keyboard.press('x');
  expect(await actionsOf(page)).toEqual([
    { type: 'askDoorTest', door: 2 },
    { type: 'confirmDoorTest', door: 2, question: 7 },
    { type: 'cancelTest' },
  ]);
});

test('every test begins by keyboard alone', async ({ open }) => {
  const page = await open('diagnostics', DESK);
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  const press = async (key: string, name: string): Promise<void> => {
    await page.keyboard.press(key);
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await press('1', 'Read a test document');
  await press('1', 'Register a test document');
  await press('3', 'Read a chip');
  await press('5', 'Compare the models with their golden vectors');
  await press('6', 'Play the tone');
  await press('6', 'I heard it');
  await press('b', 'Make the bundle');
  await press('b', 'Unplug: scanner');
  await press('r', 'Check readiness now');
  await page.keyboard.press('2');
  await page.getByRole('group', { name: 'Lamp of door 1' }).getByRole('button', { name: 'green' }).focus();
  await page.keyboard.press('Enter');
  expect((await actionsOf(page)).map((action) => (action as { type: string }).type)).toEqual([
    'testDocument',
    'registerTestDocument',
    'testChip',
    'testModels',
    'soundPlayed',
    'makeSupportBundle',
    'simulate',
    'checkReadiness',
    'setLamp',
  ]);
});

test('settings stay inside their limits, are undone, and are saved by holding', async ({ open }) => {
  const page = await open('diagnostics', DESK, (fresh) => fresh.clock.install({ time: NOW }));
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('s');
  const enter = page.getByLabel('To enter through door 1');
  await enter.fill('90');
  await expect(page.getByRole('button', { name: /save the changes/i })).toBeDisabled();
  await enter.fill('8');
  await page.getByLabel('Alive from').fill('0.75');
  await expect(page.getByText('2 changed')).toBeVisible();
  await page.getByRole('heading', { name: 'Settings' }).click();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: /save the changes/i }).focus();
  await page.keyboard.down('Enter');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('Enter');
  expect(await actionsOf(page)).toEqual([{ type: 'saveSettings', values: { enterTimeout: 8_000, liveFrom: 0.75 } }]);
});

test('the camera is measured in the window: histogram, light and focus; a sample goes out as pixels once', async ({
  open,
}) => {
  const page = await open('diagnostics', DESK);
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('4');
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await page.getByRole('img', { name: /light: dark/i }).waitFor({ timeout: 15_000 });
  const keep = page.getByRole('button', { name: 'Judge focus and light' });
  await expect(keep).toBeEnabled({ timeout: 15_000 });
  await keep.click();
  await page.getByRole('button', { name: /presentation attack sample/i }).click();
  await expect.poll(async () => (await actionsOf(page)).length, { timeout: 15_000 }).toBe(2);
  const [measured, sample] = (await page.evaluate(() =>
    (window as unknown as { jointgateTest: { actions: Record<string, unknown>[] } }).jointgateTest.actions.map(
      (action) =>
        action.type === 'padSample'
          ? (action.frames as { width: number; height: number; data: Uint8Array }[]).map(
              ({ width, height, data }) => data.length === width * height * 4 && data.some((value) => value > 0),
            )
          : action.measures,
    ),
  )) as [Record<string, number>, boolean[]];
  expect(measured.width).toBeGreaterThan(300);
  expect(measured.brightness).toBeGreaterThan(5);
  expect(measured.sharpness).toBeGreaterThan(0);
  expect(sample).toEqual([true, true, true]);
  await page.getByRole('button', { name: 'Stop the camera' }).click();
  await expect(page.getByText('The camera is off.')).toBeVisible();
});

test('the readiness report fits one printed page in every language', async ({ open }) => {
  const page = await open('diagnostics', DESK);
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('r');
  for (const language of DIAGNOSTICS_LANGUAGES) {
    while ((await page.locator('html').getAttribute('lang')) !== language) await page.keyboard.press('l');
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? [];
    expect(pages, language).toHaveLength(1);
  }
});

for (const language of DIAGNOSTICS_LANGUAGES) {
  test(`text at 200 % loses nothing in ${language}`, async ({ open }) => {
    // Zoom of 200 % on 1440 x 900 is a window of half the size.
    const page = await open('diagnostics', { width: 720, height: 450 });
    await pushView(page, diagnosticsView());
    await page.locator('.workbench').waitFor();
    while ((await page.locator('html').getAttribute('lang')) !== language) await page.keyboard.press('l');
    const look = async (name: string): Promise<void> => {
      const cut = (await unreadableText(page, 10)).filter((complaint) => !complaint.startsWith('outside the window'));
      expect(cut, name).toEqual([]);
      const [scrollWidth, clientWidth] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(scrollWidth, name).toBeLessThanOrEqual(clientWidth ?? 0);
    };
    for (const { id, key } of PAGES) {
      await page.keyboard.press(key);
      await page.locator(`[data-page="${id}"]`).waitFor();
      await look(id);
    }
    for (const { name, key, view } of RUNNING_SCENES) {
      await pushView(page, view);
      await page.keyboard.press(key);
      await look(name);
    }
    for (const { name, view } of GATE_SCENES) {
      await pushView(page, view);
      await page.locator('.gate').waitFor();
      await look(name);
    }
  });
}
