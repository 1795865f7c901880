import { expect, test } from 'vitest';
import { liveFaceOf } from '../../app/demo/scenes.ts';
import { openStage } from './lane-stage.ts';

const EXIT = { viewer: 'exitOfficer', officer: 'E1001', second: null } as const;
const EXIT_2 = { viewer: 'exitOfficer', officer: 'E1002', second: null } as const;
const ENTRY = { viewer: 'entryOfficer', officer: 'N2001', second: null } as const;
const PORT = { viewer: 'portSupervisor', officer: 'P3001', second: null } as const;

test('several officers on one referral: one wins, the others are told who; another side can do nothing', async () => {
  const { lane, cross, alarms } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  // The stage has an officer of its own (DEMO1), who is as quick as the others.
  const crossing = cross('stevenson', { gait: 'staysInside', scene: { kind: 'person', face: liveFaceOf('p10') } });
  await lane.waitFor((stage) => (stage.supervisor('exitOfficer')?.referrals.length ?? 0) > 0);
  const recordId = lane.supervisor('exitOfficer')?.referrals[0]?.recordId ?? '';
  const { officers } = lane.opened.lane;
  const action = {
    type: 'resolveReferral',
    recordId,
    action: 'handedToManualLane',
    reasonCode: 'notEligible',
  } as const;
  const [mine, colleague, stranger, port] = await Promise.all(
    [EXIT, EXIT_2, ENTRY, PORT].map((by) => officers.act(by, action)),
  );
  for (const other of [stranger, port]) expect(other?.ok).toBe(false);
  const winners = [mine, colleague].filter((result) => result?.ok === true);
  expect(winners.length).toBeLessThanOrEqual(1);
  const winner = mine?.ok ? 'E1001' : colleague?.ok ? 'E1002' : 'DEMO1';
  for (const result of [mine, colleague])
    if (result?.ok === false) expect(result.error).toMatchObject({ code: 'alreadyResolved', by: winner });
  await crossing;
  const resolutions = lane.supervisor('exitOfficer')?.timeline.filter(({ event }) => event === 'referralResolved');
  expect(resolutions?.filter((entry) => entry.recordId === recordId)).toHaveLength(1);
  expect(alarms()).not.toContain('storeFailed');
});

test('an officer’s emergency release frees every door, closes the lane and is journaled; lifting it is the officers’ too', async () => {
  const { lane, world, alarms } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { officers } = lane.opened.lane;
  expect(await officers.act(EXIT, { type: 'emergencyRelease' })).toMatchObject({ ok: true });
  await lane.waitFor(({ traveller }) => traveller?.step === 'emergency');
  expect(world.doors.door(1).openForward).toBe(true);
  expect(alarms()).toContain('emergencyReleaseOrdered');
  expect(await officers.act(EXIT, { type: 'blockDoors', blocked: true })).toMatchObject({ ok: true });
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  expect(await officers.act(ENTRY, { type: 'blockDoors', blocked: false })).toMatchObject({
    error: { code: 'notYours' },
  });
  expect(await officers.act(EXIT, { type: 'blockDoors', blocked: false })).toMatchObject({ ok: true });
  expect(await officers.act(EXIT, { type: 'setService', inService: true })).toMatchObject({ ok: true });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
});

test('an emergency that a hand on the hardware made is not taken back from a console', async () => {
  const { lane, world } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  world.doors.pressEmergency();
  await lane.waitFor(({ traveller }) => traveller?.step === 'emergency');
  const { officers } = lane.opened.lane;
  for (const blocked of [true, false])
    expect(await officers.act(PORT, { type: 'blockDoors', blocked })).toMatchObject({
      error: { code: 'notPossibleNow' },
    });
});

test('a lane that is blocked in mid-crossing opens no further door: the crossing ends with an officer, and nothing is committed', async () => {
  const { lane, world, cross } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson');
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
  const { officers } = lane.opened.lane;
  expect(await officers.act(ENTRY, { type: 'blockDoors', blocked: true })).toMatchObject({ ok: true });
  await lane.waitFor(({ traveller }) => traveller?.step === 'seeOfficer');
  for (const door of [2, 3]) expect(world.doors.door(door).openForward).toBe(false);
  expect(lane.supervisor('portSupervisor')?.outOfServiceReasons).toContain('blockedByOfficer');
  expect(await officers.act(PORT, { type: 'blockDoors', blocked: false })).toMatchObject({ ok: true });
  const { ending } = (await crossing).output;
  expect(ending?.state).toBe('referred');
  expect(lane.supervisor('portSupervisor')?.today.passed).toBe(0);
});
