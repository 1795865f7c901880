import type { Page } from 'playwright';
import { HOLD_MS } from '../../app/renderer/ui/hold-button.tsx';
import { axeViolations } from './axe.ts';
import { pushConsole } from './console-pages.ts';
import { NOW, supervisorView } from './console-views.ts';
import { expect, test } from './screen-test.ts';
import { actionsOf, refuseWith } from './scripted-window.ts';

const CONSOLE = { width: 1440, height: 900 };
const [FACE] = supervisorView('exitOfficer').referrals;

function viewFor(officers: 1 | 2) {
  const { referrals } = supervisorView('exitOfficer');
  const [first, ...others] = referrals;
  if (first === undefined) throw new Error('no referral to release');
  return supervisorView('exitOfficer', {
    referrals: [{ ...first, place: 'chamberA', walkingBack: true, release: { officers } }, ...others],
  });
}

async function chooseAndOpen(page: Page, reason: string): Promise<void> {
  await expect(page.getByRole('region', { name: 'Referral' })).toContainText('walking back');
  await page.keyboard.press(reason);
  await expect(page.locator('.reason[aria-pressed="true"]')).toHaveCount(1);
  await page.keyboard.press('0');
  await expect(page.getByRole('dialog').getByLabel('Your PIN')).toBeFocused();
}

/** Held by the keyboard alone, as everything that cannot be taken back. */
async function holdRelease(page: Page): Promise<void> {
  const hold = page.getByRole('dialog').getByRole('button', { name: /^Release/ });
  await expect(hold).toBeEnabled();
  await hold.focus();
  await page.keyboard.down('Enter');
  await page.clock.runFor(HOLD_MS + 100);
  await page.keyboard.up('Enter');
}

test('one officer releases by keyboard alone: reason, own PIN, hold', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install({ time: NOW }));
  await pushConsole(page, viewFor(1));
  await chooseAndOpen(page, '1');
  const dialog = page.getByRole('dialog', { name: 'Release the traveller' });
  await page.keyboard.type('246810');
  expect(await axeViolations(page, 4.5)).toEqual([]);
  await holdRelease(page);
  await expect(dialog).toHaveCount(0);
  expect(await actionsOf(page)).toEqual([
    { type: 'authenticate', pin: '246810' },
    {
      type: 'act',
      laneId: 'L07',
      action: { type: 'releaseReferral', recordId: FACE?.recordId, reasonCode: 'identityConfirmed' },
    },
  ]);
});

test('where it takes two, the second officer signs beside the first; what is wrong is said where it was typed', async ({
  open,
}) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install({ time: NOW }));
  await pushConsole(page, viewFor(2));
  await chooseAndOpen(page, '2');
  const dialog = page.getByRole('dialog', { name: 'Release the traveller' });
  await page.keyboard.type('246810');
  await expect(dialog.getByRole('button', { name: /^Release/ })).toBeDisabled();
  await page.keyboard.press('Tab');
  await page.keyboard.type('e1002');
  await page.keyboard.press('Tab');
  await page.keyboard.type('135791');
  await refuseWith(page, 'secondOfficer', 'otherSide');
  await holdRelease(page);
  await expect(dialog.getByRole('alert').filter({ hasText: 'another officer of your own side' })).toBeVisible();
  // No PIN outlives a try, and nothing was released.
  await expect(dialog.getByLabel('Your PIN')).toHaveValue('');
  expect((await actionsOf(page)).map((action) => (action as { type: string }).type)).toEqual([
    'authenticate',
    'secondOfficer',
  ]);
  expect(await axeViolations(page, 4.5)).toEqual([]);
});

test('keys that are pressed in the dialogue act on nothing behind it; Escape leaves everything as it was', async ({
  open,
}) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.install({ time: NOW }));
  await pushConsole(page, viewFor(1));
  await chooseAndOpen(page, '1');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /cancel/i })
    .focus();
  for (const key of ['c', 'y', 'm', 'b']) {
    await page.keyboard.down(key);
    await page.clock.runFor(HOLD_MS + 100);
    await page.keyboard.up(key);
  }
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await actionsOf(page)).toEqual([]);
});

test('whoever may not release has no such button, and the screen still needs no scrolling', async ({ open }) => {
  const page = await open('supervisor', CONSOLE, (fresh) => fresh.clock.setFixedTime(NOW));
  await pushConsole(page, supervisorView('exitOfficer'));
  await expect(page.getByRole('button', { name: /Release/ })).toHaveCount(0);
  await pushConsole(page, viewFor(2));
  await expect(page.getByRole('button', { name: /Release, two officers/ })).toBeVisible();
  for (const part of ['.referral-checks', '.referral-side']) {
    const [scroll, client] = await page.locator(part).evaluate((it) => [it.scrollHeight, it.clientHeight]);
    expect(scroll, part).toBeLessThanOrEqual(client ?? 0);
  }
});
