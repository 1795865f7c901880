import { expect, test } from 'vitest';
import type { Direction } from '../../contract/crossing.ts';
import { type LaneAction, laneActionSchema } from '../../contract/hub-protocol.ts';
import type { Officer } from '../../contract/officer-account.ts';
import { ok } from '../../contract/result.ts';
import type { ActingOfficer } from '../acting-officer.ts';
import { actForHub } from './hub-officers.ts';

const THERE: Direction = { from: 'CHN', to: 'MAC' };
const BACK: Direction = { from: 'MAC', to: 'CHN' };
const RECORD = '0197a3c4-5d6e-7f80-9a1b-2c3d4e5f6011';
const CHN: Officer = { officer: 'E1001', role: 'exitOfficer', authority: 'CHN' };
const CHN_TOO: Officer = { officer: 'N1002', role: 'entryOfficer', authority: 'CHN' };
const MAC: Officer = { officer: 'E2001', role: 'exitOfficer', authority: 'MAC' };
const UNBOUND: Officer = { officer: 'E3001', role: 'exitOfficer', authority: null };
const PORT: Officer = { officer: 'P3001', role: 'portSupervisor', authority: null };
const TECHNICIAN: Officer = { officer: 'T4001', role: 'technician', authority: null };

const RELEASE = {
  type: 'act',
  action: { type: 'releaseReferral', recordId: RECORD, reasonCode: 'identityConfirmed' },
} as const;
const PICTURES = { type: 'pictures', recordId: RECORD } as const;

/** As whom the lane takes what a hub forwards, or why it does not. */
async function takenAs(
  direction: Direction,
  by: Officer,
  request: LaneAction['request'] = RELEASE,
  second: Officer | null = null,
): Promise<ActingOfficer | string> {
  const taken: ActingOfficer[] = [];
  const officers = {
    act: async (acting: ActingOfficer) => {
      taken.push(acting);
      return ok();
    },
    material: async (acting: ActingOfficer) => {
      taken.push(acting);
      return ok({ portrait: null, live: null, notes: [] });
    },
  };
  const reply = await actForHub(officers, direction, { by, second, request, fresh: true });
  expect(taken).toHaveLength(reply.ok ? 1 : 0);
  return reply.ok ? (taken[0] as ActingOfficer) : reply.error.code;
}

test('which side an officer acts for, the lane derives from the authority and from where it leads', async () => {
  for (const request of [RELEASE, PICTURES]) {
    expect(await takenAs(THERE, CHN, request)).toMatchObject({ viewer: 'exitOfficer', officer: 'E1001', fresh: true });
    expect(await takenAs(BACK, CHN, request)).toMatchObject({ viewer: 'entryOfficer' });
    expect(await takenAs(THERE, MAC, request)).toMatchObject({ viewer: 'entryOfficer' });
    expect(await takenAs(BACK, MAC, request)).toMatchObject({ viewer: 'exitOfficer' });
    expect(await takenAs(THERE, UNBOUND, request)).toMatchObject({ viewer: 'portSupervisor', onlooker: true });
    expect(await takenAs({ from: 'HKG', to: 'MAC' }, CHN, request)).toMatchObject({ onlooker: true });
    expect(await takenAs(THERE, PORT, request)).not.toHaveProperty('onlooker');
  }
});

test('two officers are two of one authority, whatever a hub says', async () => {
  expect(await takenAs(THERE, CHN, RELEASE, CHN_TOO)).toMatchObject({ viewer: 'exitOfficer', second: 'N1002' });
  expect(await takenAs(THERE, CHN, RELEASE, MAC)).toBe('otherSide');
  expect(await takenAs(THERE, CHN, RELEASE, PORT)).toBe('otherSide');
  expect(await takenAs(THERE, CHN, RELEASE, { ...CHN, authority: 'MAC' })).toBe('samePerson');
  expect(await takenAs(THERE, UNBOUND, RELEASE, { ...UNBOUND, officer: 'E3002' })).toBe('otherSide');
});

test('what a role may not do at all, it may not do through a hub either', async () => {
  expect(await takenAs(THERE, TECHNICIAN)).toBe('notAllowed');
  expect(await takenAs(THERE, TECHNICIAN, PICTURES)).toBe('notAllowed');
  const block = { type: 'act', action: { type: 'blockDoors', blocked: true } } as const;
  expect(await takenAs(THERE, TECHNICIAN, block)).toBe('notAllowed');
  const close = { type: 'act', action: { type: 'setService', inService: false } } as const;
  expect(await takenAs(THERE, TECHNICIAN, close)).toMatchObject({ viewer: 'portSupervisor' });
});

test('an action that says a viewer instead of an authority is not understood', () => {
  const before = { id: 1, viewer: 'exitOfficer', officer: 'E1001', second: null, request: RELEASE };
  expect(laneActionSchema.safeParse(before).success).toBe(false);
  expect(laneActionSchema.safeParse({ id: 1, by: CHN, second: null, request: RELEASE }).success).toBe(true);
  expect(
    laneActionSchema.safeParse({ id: 1, by: CHN, viewer: 'entryOfficer', second: null, request: RELEASE }).success,
  ).toBe(false);
});
