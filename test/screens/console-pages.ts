import type { Page } from 'playwright';
import { AUDIT_EVENT_IDS } from '../../app/contract/audit-events.ts';
import { cardOf } from '../../app/contract/lane-card.ts';
import type { OfficerRole } from '../../app/contract/officer-account.ts';
import type { ConsoleSession, LaneCard } from '../../app/contract/supervisor-console.ts';
import type { SupervisorView, Viewer } from '../../app/contract/supervisor-view.ts';
import { cutPortrait } from '../../app/demo/specimens/specimens.ts';
import { permissionsOf } from '../../app/officers/permissions.ts';
import { calmView, NOW, releasableView, supervisorView } from './console-views.ts';
import { answerWith, pushUpdate, refuseWith } from './scripted-window.ts';

const OFFICERS: Readonly<Record<OfficerRole, string>> = {
  exitOfficer: 'E1001',
  entryOfficer: 'N2001',
  portSupervisor: 'P3001',
  technician: 'T4001',
  auditor: 'A5001',
};

/** At the screens' lane, which leads from CHN to MAC. */
const authorityOf = (role: OfficerRole): string | null =>
  role === 'exitOfficer' ? 'CHN' : role === 'entryOfficer' ? 'MAC' : null;

export function session(role: OfficerRole, mayLookAs = false): ConsoleSession {
  const may = [...permissionsOf(role)];
  return {
    state: 'signedIn',
    officer: OFFICERS[role],
    role,
    authority: authorityOf(role),
    may,
    idleLockSeconds: 300,
    mayLookAs,
  };
}

export const SIGNED_OUT: Extract<ConsoleSession, { state: 'signedOut' }> = {
  state: 'signedOut',
  noOfficers: false,
  ended: null,
  mayLookAs: false,
};
export const LOCKED: ConsoleSession = { state: 'locked', officer: 'E1001', role: 'exitOfficer', authority: 'CHN' };

export async function pushSession(page: Page, next: ConsoleSession): Promise<void> {
  await pushUpdate(page, { type: 'session', session: next });
}

/** Signs the viewer's officer in and shows the lane, with specimen pictures for referrals. */
export async function pushConsole(
  page: Page,
  view: SupervisorView,
  role: OfficerRole = roleOf(view.viewer),
): Promise<void> {
  await answerWith(page, 'pictures', { type: 'pictures', ...PICTURES, notes: NOTES });
  await pushSession(page, session(role));
  await pushUpdate(page, { type: 'cards', complete: true, cards: [cardOf(view, true)] });
  await pushUpdate(page, { type: 'lane', view });
}

const roleOf = (viewer: Viewer): OfficerRole => viewer;

const NOTES = [
  { at: new Date(NOW - 20_000).toISOString(), officer: 'E1002', text: 'Glasses since the enrolment picture' },
];

/** The demonstration's specimen p01, enrolled and at the lane. */
const jpeg = async (id: string): Promise<string> => Buffer.from(await cutPortrait(id)).toString('base64');
const PICTURES = { portrait: await jpeg('p01-portrait'), live: await jpeg('p01-live') };

const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();
const recordId = (n: number): string => `0197a3c4-5d6e-7f80-9a1b-2c3d4e5f6${String(n).padStart(3, '0')}`;

/** A port of `count` lanes in all kinds of states. */
export function port(count: number): LaneCard[] {
  return Array.from({ length: count }, (_, index) => {
    const laneId = `L${String(index + 1).padStart(2, '0')}`;
    const view = index % 13 === 4 ? supervisorView('exitOfficer') : calmView();
    const steps = ['attract', 'walkIn', 'lookHere', 'pleaseWait', 'walkOn', 'goThrough'] as const;
    const step = index % 13 === 4 ? view.step : (steps[index % steps.length] ?? 'attract');
    const card = cardOf(
      { ...view, laneId, step, stationsReached: index % 6, stepSince: ago(index % 40) },
      index % 29 !== 7,
    );
    return { ...card, inService: index % 17 !== 3, passed: 900 + ((index * 37) % 500) };
  });
}

export const FOUND = {
  type: 'records',
  more: true,
  records: Array.from({ length: 40 }, (_, index) => ({
    recordId: recordId(index),
    laneId: 'L07',
    state: (['passed', 'passed', 'resolved', 'passed', 'refused', 'abandoned'] as const)[index % 6],
    openedAt: ago(100 + index * 70),
    endedAt: ago(80 + index * 70),
    referral: index % 6 === 2 ? { owner: 'exit', code: 'faceNotMatched' } : null,
    endCode: index % 6 === 2 ? 'handedToManualLane' : index % 6 === 4 ? 'exit' : index % 6 === 5 ? 'walkedBack' : null,
  })),
} as const;

const AUDIT = {
  type: 'audit',
  more: true,
  lines: AUDIT_EVENT_IDS.slice(0, 60).map((event, index) => ({
    sequence: 5000 - index,
    laneId: 'L07',
    at: ago(index * 11),
    event,
    severity: 'info',
    owner: 'port',
    recordId: index % 3 === 0 ? recordId(index) : null,
    facts: index % 2 === 0 ? { officer: 'E1001', detail: 'faceNotMatched' } : {},
  })),
} as const;

export const CHARTS = {
  type: 'charts',
  bucketSeconds: 900,
  buckets: Array.from({ length: 41 }, (_, index) => {
    const busy = 20 + Math.round(18 * Math.sin(index / 6));
    return {
      at: ago((41 - index) * 900),
      passed: busy,
      refused: index % 9 === 0 ? 1 : 0,
      referred: index % 5 === 0 ? 2 : 1,
      abandoned: index % 7 === 0 ? 2 : 0,
      voided: index % 20 === 0 ? 1 : 0,
      medianMs: 15_500 + busy * 60,
      p95Ms: 24_000 + busy * 140,
      waitMedianMs: index % 4 === 0 ? null : 41_000 + index * 300,
      waitP95Ms: index % 4 === 0 ? null : 88_000 + index * 500,
    };
  }),
  steps: [
    { step: 'document', medianMs: 310, p95Ms: 640 },
    { step: 'face', medianMs: 7_900, p95Ms: 13_400 },
    { step: 'controls', medianMs: 420, p95Ms: 1_900 },
    { step: 'commit', medianMs: 60, p95Ms: 140 },
    { step: 'passage', medianMs: 5_200, p95Ms: 8_800 },
  ],
} as const;

/** A page is opened by its key, whatever language it is in. */
async function openPage(page: Page, name: string, key: string): Promise<void> {
  await page.locator(`.page-button[aria-keyshortcuts="${key}"]`).waitFor();
  await page.keyboard.press(key);
  await page.locator(`[data-page="${name}"]`).waitFor();
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
}

/** The exit officer has chosen a reason and is asked who they are. */
async function openRelease(page: Page, officers: 1 | 2): Promise<void> {
  await pushConsole(page, releasableView(officers));
  await page.locator('.reason').first().waitFor();
  await page.keyboard.press('1');
  await page.locator('.reason[aria-pressed="true"]').waitFor();
  await page.keyboard.press('0');
  await page.locator('.release-dialog[open]').waitFor();
}

/** Every page of the console that is not a lane, and what is laid over one. */
export const CONSOLE_PAGES: readonly { readonly name: string; readonly show: (page: Page) => Promise<void> }[] = [
  {
    name: 'signed-out',
    show: async (page) => {
      await pushSession(page, { ...SIGNED_OUT, noOfficers: true, ended: 'tooLong' });
      await page.locator('[data-session="signedOut"]').waitFor();
    },
  },
  {
    name: 'locked',
    show: async (page) => {
      await pushSession(page, LOCKED);
      await page.locator('[data-session="locked"]').waitFor();
    },
  },
  {
    name: 'sign-in-refused',
    show: async (page) => {
      await pushSession(page, SIGNED_OUT);
      await page.locator('[data-session="signedOut"]').waitFor();
      await refuseWith(page, 'signIn', 'credentialsWrong');
      await page.locator('input[name="officer"]').fill('E1001');
      await page.locator('input[name="pin"]').fill('135791');
      await page.keyboard.press('Enter');
      await page.locator('.pin-answer .error-text').waitFor();
    },
  },
  {
    name: 'sign-in-new-pin',
    show: async (page) => {
      await pushSession(page, { ...SIGNED_OUT, ended: 'idle' });
      await refuseWith(page, 'signIn', 'pinToBeChanged');
      await page.locator('input[name="officer"]').fill('E1001');
      await page.locator('input[name="pin"]').fill('135791');
      await page.keyboard.press('Enter');
      await page.locator('input[name="again"]').waitFor();
    },
  },
  {
    name: 'missed',
    show: async (page) => {
      await pushConsole(page, supervisorView('exitOfficer', { alarms: [], timeline: [], stepSince: ago(400) }));
      await pushSession(page, LOCKED);
      await page.locator('[data-session="locked"]').waitFor();
      await pushConsole(page, supervisorView('exitOfficer'));
      await page.locator('.missed').waitFor();
    },
  },
  {
    name: 'hub-lost',
    show: async (page) => {
      await page.keyboard.press('v');
      await pushConsole(page, supervisorView('exitOfficer'));
      await pushUpdate(page, { type: 'connection', connected: false });
      await page.locator('.banner').first().waitFor();
    },
  },
  {
    name: 'shortcuts',
    show: async (page) => {
      await pushUpdate(page, { type: 'connection', connected: true });
      await pushConsole(page, supervisorView('exitOfficer'));
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
    },
  },
  {
    name: 'release',
    show: async (page) => {
      await closeDialog(page);
      await openRelease(page, 1);
    },
  },
  {
    name: 'release-second-officer-refused',
    show: async (page) => {
      await closeDialog(page);
      await openRelease(page, 2);
      await refuseWith(page, 'secondOfficer', 'otherSide');
      await page.locator('input[name="pin"]').fill('246810');
      await page.locator('input[name="secondOfficer"]').fill('E1002');
      await page.locator('input[name="secondPin"]').fill('135791');
      await page.locator('.release-dialog .hold-button').focus();
      await page.keyboard.down('Enter');
      await page.locator('dialog .error-text').waitFor();
      await page.keyboard.up('Enter');
    },
  },
  {
    name: 'wall',
    show: async (page) => {
      await closeDialog(page);
      await pushConsole(page, supervisorView('entryOfficer', { referrals: [] }));
      await pushUpdate(page, { type: 'cards', complete: true, cards: port(40) });
      await openPage(page, 'wall', 'w');
      await page.locator('.wall-card').nth(39).waitFor();
    },
  },
  {
    name: 'search',
    show: async (page) => {
      await answerWith(page, 'search', FOUND);
      await pushConsole(page, calmView());
      await openPage(page, 'search', 's');
      await page.locator('.query-form button[type="submit"]').click();
      await page.locator('.table').waitFor();
    },
  },
  {
    name: 'charts',
    show: async (page) => {
      await answerWith(page, 'charts', CHARTS);
      await pushConsole(page, supervisorView('exitOfficer', { referrals: [] }));
      await openPage(page, 'charts', 'h');
      await page.locator('.uplot').nth(3).waitFor();
    },
  },
  {
    name: 'audit',
    show: async (page) => {
      await answerWith(page, 'audit', AUDIT);
      await pushConsole(page, calmView(), 'auditor');
      await openPage(page, 'audit', 'u');
      await page.locator('.query-form button[type="submit"]').click();
      await page.locator('.table').waitFor();
    },
  },
];
