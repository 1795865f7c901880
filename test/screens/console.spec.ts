import { HOLD_MS } from '../../app/renderer/ui/hold-button.tsx';
import { axeViolations } from './axe.ts';
import { brokenView, NOW, SUPERVISOR_SCENES, supervisorView } from './console-views.ts';
import { unreadableText } from './layout.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, pushView } from './scripted-window.ts';

const CONSOLE = { width: 1440, height: 900 };
const FACE_RECORD = supervisorView('exitOfficer').referrals[0]?.recordId;

for (const theme of ['dark', 'light', 'contrast']) {
  test(`axe finds nothing on any scene, ${theme}`, async ({ open }) => {
    const page = await open('supervisor', CONSOLE);
    await pushView(page, brokenView());
    await page.locator('.console').waitFor();
    while ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.keyboard.press('t');
    for (const { name, view } of SUPERVISOR_SCENES) {
      await pushView(page, view);
      await page.locator(`[data-viewer="${view.viewer}"] .lane[data-step="${view.step}"]`).waitFor();
      expect(await axeViolations(page, 4.5), name).toEqual([]);
    }
  });
}

test('a referral is one screen without scrolling at 1440 x 900', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.setFixedTime(NOW));
  for (const { name, view } of SUPERVISOR_SCENES.filter((scene) => scene.name.startsWith('referral'))) {
    await pushView(page, view);
    await page.locator(`[data-viewer="${view.viewer}"]`).waitFor();
    for (const part of ['.referral-checks', '.referral-side']) {
      const [scroll, client] = await page
        .locator(part)
        .evaluate((element) => [element.scrollHeight, element.clientHeight]);
      expect(scroll, `${name} ${part}`).toBeLessThanOrEqual(client ?? 0);
    }
  }
});

test('the other side sees the word, not the reason, and has nothing to act with', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  await pushView(page, SUPERVISOR_SCENES.find(({ name }) => name === 'referral-other-side')?.view);
  const referral = page.getByRole('region', { name: 'Referral' });
  await expect(referral).toContainText('refer');
  await expect(referral).not.toContainText('quotaUsed');
  await expect(referral.getByRole('button')).toHaveCount(0);
  // Not even the keys do anything.
  await page.keyboard.press('1');
  await page.keyboard.down('m');
  await page.clock.install();
  await page.clock.runFor(HOLD_MS * 2);
  expect(await actionsOf(page)).toEqual([]);
});

test('a referral is resolved by keyboard: a reason, then a key held until it is meant', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install());
  await pushView(page, supervisorView('exitOfficer'));
  await page.getByRole('button', { name: 'Send back' }).waitFor();
  await page.keyboard.down('b');
  await page.clock.runFor(HOLD_MS * 2);
  await page.keyboard.up('b');
  expect(await actionsOf(page), 'no reason chosen yet').toEqual([]);
  await page.keyboard.press('2');
  await page.keyboard.down('b');
  await page.clock.runFor(HOLD_MS - 100);
  await page.keyboard.up('b');
  await page.clock.runFor(HOLD_MS);
  expect(await actionsOf(page), 'let go too early').toEqual([]);
  await page.keyboard.down('b');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('b');
  expect(await actionsOf(page)).toEqual([
    { type: 'resolveReferral', recordId: FACE_RECORD, action: 'sentBack', reasonCode: 'documentInspected' },
  ]);
});

test('a button is held with the pointer', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install());
  await pushView(page, supervisorView('exitOfficer'));
  await page.getByRole('button', { name: 'Identity confirmed' }).click();
  await page.getByRole('button', { name: 'Hand to the manual lane' }).hover();
  await page.mouse.down();
  await page.clock.runFor(HOLD_MS + 50);
  await page.mouse.up();
  expect(await actionsOf(page)).toEqual([
    { type: 'resolveReferral', recordId: FACE_RECORD, action: 'handedToManualLane', reasonCode: 'identityConfirmed' },
  ]);
});

test('alarms, viewers and the lane answer to their keys', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install());
  await pushView(page, supervisorView('portSupervisor'));
  await page.getByRole('region', { name: 'Alarms' }).waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  for (const key of ['x', 'n', 'p']) await page.keyboard.press(key);
  await page.keyboard.down('c');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('c');
  expect(await actionsOf(page)).toEqual([
    { type: 'acknowledgeAlarm', alarmId: 812 },
    { type: 'acknowledgeAlarm', alarmId: 805 },
    { type: 'look', viewer: 'exitOfficer' },
    { type: 'look', viewer: 'entryOfficer' },
    { type: 'look', viewer: 'portSupervisor' },
    { type: 'setService', inService: false },
  ]);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('text at 200 % loses nothing: everything can be scrolled to and nothing is cut off sideways', async ({ open }) => {
  // Zoom of 200 % on 1440 x 900 is a window of half the size.
  const page = await open('supervisor', { width: 720, height: 450 });
  for (const { name, view } of SUPERVISOR_SCENES) {
    await pushView(page, view);
    await page.locator(`[data-viewer="${view.viewer}"]`).waitFor();
    const sideways = (await unreadableText(page, 12)).filter(
      (complaint) => !complaint.startsWith('outside the window'),
    );
    expect(sideways, name).toEqual([]);
    const [scrollWidth, clientWidth] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(scrollWidth, name).toBeLessThanOrEqual(clientWidth ?? 0);
    for (const part of ['.lane-foot', '.timeline', '.alarms']) {
      await page.locator(part).scrollIntoViewIfNeeded();
      await expect(page.locator(part)).toBeInViewport();
    }
  }
});
