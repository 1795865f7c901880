import { HOLD_MS } from '../../app/renderer/ui/hold-button.tsx';
import { axeViolations } from './axe.ts';
import {
  CHARTS,
  CONSOLE_PAGES,
  FOUND,
  LOCKED,
  pushConsole,
  pushSession,
  SIGNED_OUT,
  session,
} from './console-pages.ts';
import { brokenView, calmView, NOW, SUPERVISOR_SCENES, supervisorView } from './console-views.ts';
import { unreadableText } from './layout.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, answerWith, refuseWith } from './scripted-window.ts';

const CONSOLE = { width: 1440, height: 900 };
const FACE_RECORD = supervisorView('exitOfficer').referrals[0]?.recordId;

for (const theme of ['dark', 'light', 'contrast']) {
  test(`axe finds nothing on any scene, ${theme}`, async ({ open }) => {
    const page = await open('supervisor', CONSOLE);
    await pushConsole(page, brokenView());
    await page.locator('.console').waitFor();
    while ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.keyboard.press('t');
    for (const { name, view } of SUPERVISOR_SCENES) {
      await pushConsole(page, view);
      await page.locator(`[data-viewer="${view.viewer}"] .lane[data-step="${view.step}"]`).waitFor();
      expect(await axeViolations(page, 4.5), name).toEqual([]);
    }
    for (const { name, show } of CONSOLE_PAGES) {
      await show(page);
      expect(await axeViolations(page, 4.5), name).toEqual([]);
    }
  });
}

test('a referral is one screen without scrolling at 1440 x 900', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.setFixedTime(NOW));
  for (const { name, view } of SUPERVISOR_SCENES.filter((scene) => scene.name.startsWith('referral'))) {
    await pushConsole(page, view);
    await page.locator(`[data-viewer="${view.viewer}"] .referral-body`).waitFor();
    for (const part of ['html', '.referral-checks', '.referral-side']) {
      const [scroll, client, wide, width] = await page
        .locator(part)
        .first()
        .evaluate((it) => [it.scrollHeight, it.clientHeight, it.scrollWidth, it.clientWidth]);
      expect(scroll, `${name} ${part}`).toBeLessThanOrEqual(client ?? 0);
      expect(wide, `${name} ${part} sideways`).toBeLessThanOrEqual(width ?? 0);
    }
  }
});

test('the owning side sees both pictures and its notes; the other side sees neither', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  await pushConsole(page, supervisorView('exitOfficer'));
  const referral = page.getByRole('region', { name: 'Referral' });
  await expect(referral.getByRole('img', { name: 'Document portrait' })).toBeVisible();
  await expect(referral.getByRole('img', { name: 'Live image' })).toBeVisible();
  await expect(referral).toContainText('Glasses since the enrolment picture');
  await pushConsole(page, SUPERVISOR_SCENES.find(({ name }) => name === 'referral-other-side')!.view);
  await expect(referral).toContainText('entry control asks');
  await expect(referral.getByRole('img')).toHaveCount(0);
  expect(await page.content()).not.toContain('Glasses since');
});

test('the other side sees the word, not the reason, and has nothing to act with', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  await pushConsole(page, SUPERVISOR_SCENES.find(({ name }) => name === 'referral-other-side')!.view);
  const referral = page.getByRole('region', { name: 'Referral' });
  await expect(referral).toContainText('refer');
  await expect(referral).not.toContainText('quota');
  await expect(referral.getByRole('button')).toHaveCount(0);
  // Not even the keys do anything.
  await page.keyboard.press('1');
  await page.keyboard.press('f');
  await page.keyboard.down('m');
  await page.clock.install();
  await page.clock.runFor(HOLD_MS * 2);
  expect(await actionsOf(page)).toEqual([]);
});

test('a referral is resolved by keyboard: a reason, then a key held until it is meant', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install());
  await pushConsole(page, supervisorView('exitOfficer'));
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
    act({ type: 'resolveReferral', recordId: FACE_RECORD, action: 'sentBack', reasonCode: 'documentInspected' }),
  ]);
});

test('a button is held with the pointer', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install());
  await pushConsole(page, supervisorView('exitOfficer'));
  await page.getByRole('button', { name: 'Identity confirmed' }).click();
  await page.getByRole('button', { name: 'Hand to the manual lane' }).hover();
  await page.mouse.down();
  await page.clock.runFor(HOLD_MS + 50);
  await page.mouse.up();
  expect(await actionsOf(page)).toEqual([
    act({
      type: 'resolveReferral',
      recordId: FACE_RECORD,
      action: 'handedToManualLane',
      reasonCode: 'identityConfirmed',
    }),
  ]);
});

test('keeping and noting, alarms and the lane answer to their keys', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install());
  await pushConsole(page, supervisorView('exitOfficer'));
  await page.getByRole('region', { name: 'Alarms' }).waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.keyboard.press('3');
  await page.keyboard.press('f');
  await page.keyboard.press('e');
  await page.keyboard.type('asks for a chair');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.down('c');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('c');
  await page.keyboard.press('q');
  await page.keyboard.press('z');
  expect(await actionsOf(page)).toEqual([
    act({ type: 'acknowledgeAlarm', alarmId: 812 }),
    act({ type: 'acknowledgeAlarm', alarmId: 805 }),
    act({ type: 'keepReferral', recordId: FACE_RECORD, reasonCode: 'notEligible' }),
    act({ type: 'addNote', recordId: FACE_RECORD, text: 'asks for a chair' }),
    act({ type: 'setService', inService: false }),
    { type: 'lock' },
    { type: 'signOut' },
  ]);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('without a hub the lane goes on by a held key, where the policy lets an officer allow it, and by nobody else', async ({
  open,
}) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install());
  const away = { inService: false, outOfServiceReasons: ['hubAway'], step: 'outOfService' as const };
  const button = page.getByRole('button', { name: 'Go on without the hub' });
  await pushConsole(page, supervisorView('portSupervisor', { ...away, referrals: [], mayGoAlone: false }));
  await page.getByText('No hub answers').waitFor();
  await expect(button).toHaveCount(0);
  await pushConsole(page, supervisorView('portSupervisor', { ...away, referrals: [], mayGoAlone: true }));
  await button.waitFor();
  expect(await axeViolations(page, 4.5)).toEqual([]);
  await page.keyboard.down('i');
  await page.clock.runFor(HOLD_MS + 50);
  await page.keyboard.up('i');
  expect(await actionsOf(page)).toEqual([act({ type: 'allowLaneOnly' })]);
});

test('signing in by keyboard: a first PIN must be changed, a wrong one is said, nothing typed stays', async ({
  open,
}) => {
  const page = await open('supervisor', CONSOLE);
  await pushSession(page, SIGNED_OUT);
  await refuseWith(page, 'signIn', 'accountLocked', { waitSeconds: 30 });
  await page.getByLabel('Service number').waitFor();
  await page.keyboard.type('e1001');
  await page.keyboard.press('Tab');
  await page.keyboard.type('246810');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Try again in 30 seconds');
  await expect(page.getByLabel('PIN')).toHaveValue('');
  await refuseWith(page, 'signIn', 'pinToBeChanged');
  await page.getByLabel('PIN').fill('246810');
  await page.keyboard.press('Enter');
  await page.getByLabel('New PIN', { exact: true }).fill('481516');
  await page.getByLabel('New PIN again').fill('481517');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('differ');
  await answerWith(page, 'signIn', { type: 'done' });
  await page.getByLabel('New PIN', { exact: true }).fill('481516');
  await page.getByLabel('New PIN again').fill('481516');
  await page.keyboard.press('Enter');
  await expect
    .poll(() => actionsOf(page))
    .toEqual([
      { type: 'signIn', officer: 'E1001', pin: '246810', newPin: null },
      { type: 'signIn', officer: 'E1001', pin: '246810', newPin: null },
      { type: 'signIn', officer: 'E1001', pin: '246810', newPin: '481516' },
    ]);
  expect(await page.content()).not.toMatch(/246810|481516/);
});

test('a locked console shows nothing of the lane, and says afterwards what was missed', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  const before = supervisorView('exitOfficer');
  await pushConsole(page, before);
  await page.locator('.cockpit').waitFor();
  await pushSession(page, LOCKED);
  await expect(page.getByText('Locked. E1001 is signed in.')).toBeVisible();
  expect(await page.content()).not.toMatch(/faceNotMatched|L07|does not match/);
  const later = new Date(NOW + 60_000).toISOString();
  const [alarm] = before.alarms;
  await pushConsole(page, { ...before, alarms: [...before.alarms, { ...alarm!, id: 999, at: later }] });
  await expect(page.getByText(/while you were away: 0 events, 1 new alarms/)).toBeVisible();
  await page.keyboard.press('v');
  await expect(page.getByText(/while you were away/)).toHaveCount(0);
});

test('what officers may not do is not offered to them', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  await pushConsole(page, supervisorView('portSupervisor'), 'auditor');
  await expect(page.getByText('You may look at referrals')).toBeVisible();
  await expect(page.getByRole('button', { name: /Acknowledge|Close the lane/ })).toHaveCount(0);
  await expect(page.getByRole('navigation').getByRole('button')).toHaveText([/Lane/, /Records/, /Charts/, /Audit log/]);
  await pushSession(page, session('technician'));
  await expect(page.getByRole('navigation').getByRole('button')).toHaveText([/Lane/, /Charts/]);
});

test('whoever comes second is told who was first', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  await refuseWith(page, 'act', 'alreadyResolved', { by: 'E1002' });
  await pushConsole(page, supervisorView('exitOfficer'));
  await page.getByRole('button', { name: 'Identity confirmed' }).click();
  await page.keyboard.press('f');
  await expect(page.getByText('Somebody was faster: this is settled already. Officer E1002 was first.')).toBeVisible();
});

test('a document that is searched for leaves the screen with the question', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  await answerWith(page, 'search', FOUND);
  await pushConsole(page, calmView());
  await page.keyboard.press('s');
  await page.getByLabel('Issuer').fill('uto');
  await page.getByLabel('Document number').fill('l898902c3');
  await page.keyboard.press('Enter');
  await page.locator('.table').waitFor();
  expect(await actionsOf(page)).toMatchObject([
    { type: 'search', query: { document: { issuingState: 'UTO', number: 'L898902C3' } } },
  ]);
  await expect(page.getByLabel('Document number')).toHaveValue('');
  expect(await page.content()).not.toContain('L898902C3');
  await page.getByRole('button', { name: 'Older ones' }).click();
  expect(await actionsOf(page)).toMatchObject([{}, { query: { before: FOUND.records.at(-1)?.openedAt } }]);
});

test('charts are saved as a table', async ({ open }) => {
  const page = await open('supervisor', CONSOLE);
  await answerWith(page, 'charts', CHARTS);
  await pushConsole(page, calmView());
  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  await expect(page.getByText('The file is saved.')).toBeVisible();
  const saved = (await actionsOf(page)).at(-1) as { name: string; text: string };
  expect(saved.name).toBe('jointgate-charts.csv');
  expect(saved.text.split('\r\n')).toHaveLength(1 + CHARTS.buckets.length + 1 + CHARTS.steps.length + 1);
});

test('text at 200 % loses nothing: everything can be scrolled to and nothing is cut off sideways', async ({ open }) => {
  // Zoom of 200 % on 1440 x 900 is a window of half the size.
  const page = await open('supervisor', { width: 720, height: 450 });
  const check = async (name: string): Promise<void> => {
    const sideways = (await unreadableText(page, 11)).filter(
      (complaint) => !complaint.startsWith('outside the window'),
    );
    expect(sideways, name).toEqual([]);
    const [scrollWidth, clientWidth] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(scrollWidth, name).toBeLessThanOrEqual(clientWidth ?? 0);
  };
  for (const { name, view } of SUPERVISOR_SCENES) {
    await pushConsole(page, view);
    await page.locator(`[data-viewer="${view.viewer}"] .lane[data-step="${view.step}"]`).waitFor();
    await check(name);
    for (const part of ['.lane-foot', '.timeline', '.alarms']) {
      await page.locator(part).scrollIntoViewIfNeeded();
      await expect(page.locator(part)).toBeInViewport();
    }
  }
  for (const { name, show } of CONSOLE_PAGES) {
    await show(page);
    await check(name);
  }
});

function act(action: object): object {
  return { type: 'act', laneId: 'L07', action };
}
