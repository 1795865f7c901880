import { HOLD_MS } from '../../app/renderer/ui/hold-button.tsx';
import { NOW } from './console-views.ts';
import { diagnosticsView } from './diagnostics-views.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, pushView } from './scripted-window.ts';

const DESK = { width: 1440, height: 900 };
const bench = diagnosticsView().workbench!;

function litTo(percent: number) {
  return diagnosticsView({}, { accessories: { ...bench.accessories, light: { percent, mostPercent: 80 } } });
}

test('lamp, mount and depth camera are tried one by one, and show where they stand', async ({ open }) => {
  const page = await open('diagnostics', DESK);
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('0');
  const lamp = page.getByRole('group', { name: 'Lamp above the lane' });
  await expect(lamp.getByRole('button', { name: 'red' })).toHaveAttribute('aria-pressed', 'true');
  for (const name of ['red', 'amber', 'green', 'off']) await lamp.getByRole('button', { name }).click();
  const mount = page.getByRole('group', { name: 'Camera tilt' });
  await expect(mount.getByRole('button', { name: /at rest/i })).toHaveAttribute('aria-pressed', 'true');
  for (const name of [/lowest/i, /low position/i, /at rest/i, /highest/i])
    await mount.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Through its whole range' }).click();
  await page.getByRole('button', { name: 'Look once' }).click();
  expect(await actionsOf(page)).toEqual([
    ...['red', 'amber', 'green', 'off'].map((shown) => ({ type: 'showIndicator', lamp: shown })),
    ...[-25, -12, 0, 25].map((degrees) => ({ type: 'setTilt', degrees })),
    { type: 'testTilt' },
    { type: 'testFaceCamera' },
  ]);
  await expect(page.getByRole('region', { name: 'Move the mount' })).toContainText('1,604');
  // While something runs nothing else is begun.
  const running = { test: 'tilt', waitsFor: 'work', door: null, question: 0, until: null } as const;
  await pushView(page, diagnosticsView({}, { running }));
  await expect(page.getByRole('button', { name: 'Look once' })).toBeDisabled();
  await expect(lamp.getByRole('button', { name: 'green' })).toBeDisabled();
});

test('what is not fitted has its health and nothing to try', async ({ open }) => {
  const page = await open('diagnostics', DESK);
  const devices = bench.devices.map((each) =>
    each.device === 'cameraTilt' || each.device === 'cameraLight' ? { ...each, state: 'notFitted' as const } : each,
  );
  const accessories = { ...bench.accessories, light: null, tilt: null };
  await pushView(page, diagnosticsView({}, { devices, accessories }));
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('0');
  await expect(page.getByRole('region', { name: 'Camera tilt' })).toContainText('not fitted');
  await expect(page.getByRole('button', { name: 'Through its whole range' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Brighter' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Look once' })).toBeVisible();
});

test('the light goes up and down as far as it may, and is judged by the picture’s own brightness', async ({ open }) => {
  const page = await open('diagnostics', DESK);
  await pushView(page, litTo(75));
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('0');
  const card = page.getByRole('region', { name: 'Brighter and darker' });
  await expect(card).toContainText('80% at most');
  await card.getByRole('button', { name: 'Brighter', exact: true }).click();
  await card.getByRole('button', { name: 'Darker', exact: true }).click();
  await pushView(page, litTo(80));
  await expect(card.getByRole('button', { name: 'Brighter', exact: true })).toBeDisabled();
  const judge = card.getByRole('button', { name: 'Judge it by the picture' });
  await expect(judge, 'nothing is judged without a picture').toBeDisabled();
  await page.getByRole('button', { name: 'Start the camera' }).click();
  await page.getByRole('img', { name: /light: dark/i }).waitFor({ timeout: 15_000 });
  await judge.click();
  await expect.poll(async () => (await actionsOf(page)).length).toBe(3);
  await pushView(page, litTo(0));
  await expect.poll(async () => (await actionsOf(page)).length, { timeout: 15_000 }).toBe(4);
  await pushView(page, litTo(80));
  await expect.poll(async () => (await actionsOf(page)).length, { timeout: 15_000 }).toBe(5);
  const actions = await actionsOf(page);
  expect(actions.slice(0, 4)).toEqual(
    [85, 65, 0, 80].map((percent) => ({ type: 'setLight', percent: Math.min(80, percent) })),
  );
  expect(actions[4]).toMatchObject({ type: 'lightMeasured' });
  const { out, lit } = actions[4] as { out: number; lit: number };
  expect(Math.min(out, lit)).toBeGreaterThan(5);
});

test('light and mount are set within what the profile allows', async ({ open }) => {
  const page = await open('diagnostics', DESK, (fresh) => fresh.clock.install({ time: NOW }));
  await pushView(page, diagnosticsView());
  await page.locator('[data-page]').waitFor();
  await page.keyboard.press('s');
  const most = page.getByLabel('Camera light, at most');
  await most.fill('81');
  await expect(page.getByRole('button', { name: /save the changes/i })).toBeDisabled();
  await most.fill('60');
  await page.getByLabel('Camera mount, at rest').fill('-5.5');
  await expect(page.getByText('-25° to 25°').first()).toBeVisible();
  await page.getByRole('button', { name: /save the changes/i }).focus();
  await page.keyboard.down('Enter');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('Enter');
  expect(await actionsOf(page)).toEqual([{ type: 'saveSettings', values: { lightMost: 60, tiltHome: -5.5 } }]);
});
