import { expect, test } from 'vitest';
import { openStage } from './lane-stage.ts';

test('a lane controller unplugged before the clearance refers the traveller; it is back and the next is served', async () => {
  const { world, lane, cross, alarms, nextIsServed } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson');
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
  world.doors.unplug();
  const { output } = await crossing;
  expect(output.ending).toMatchObject({ state: 'referred', code: 'deviceFault' });
  expect(alarms().some((alarm) => alarm.startsWith('deviceLost laneController'))).toBe(true);
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  world.doors.replug();
  await nextIsServed();
});

test('unplugged while the last door is open: nobody guesses, the door’s own counter decides when it is back', async () => {
  const { world, lane, cross, nextIsServed } = await openStage({ delays: { passTimeout: 20_000 } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson', { gait: 'staysBeforeLast' });
  expect(await world.doors.doorOpen(3, 'forward', 20_000)).toBe(true);
  world.doors.unplug();
  // The unit is on its own now: the traveller goes through the door that is still open.
  await world.doors.walkIn(3);
  await lane.waitFor(({ traveller }) => traveller?.step === 'stepBack');
  world.doors.replug();
  expect((await crossing).output.ending).toEqual({ state: 'passed' });
  await nextIsServed();
});

test('the emergency release frees the doors in hardware, ends the crossing and closes the lane until it is reset', async () => {
  const { world, lane, cross, alarms, nextIsServed, openAgain } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson', { gait: 'staysInside' });
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
  world.doors.pressEmergency();
  await lane.waitFor(({ traveller }) => traveller?.step === 'emergency');
  expect(alarms()).toContain('emergencyPressed');
  // Door 1 is free now, and the traveller leaves the way they came.
  // Which is told first, the button or the first step out, is the bus's business.
  const { ending, place } = (await crossing).output;
  expect([ending?.state, place]).toEqual(['abandoned', 'outside']);
  world.doors.releaseEmergency();
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  // Doors were free for everybody: an officer looks first.
  openAgain();
  await nextIsServed();
});

test('somebody who climbs through while no crossing is under way is a security alarm', async () => {
  const { world, lane, alarms, cross } = await openStage({ delays: { enterTimeout: 600 } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output } = await cross('stevenson', { gait: 'tailgated' });
  expect(output.ending).toMatchObject({ state: 'referred', code: 'tailgating' });
  expect(alarms()).toContain('tailgating door 1');
  expect(world.doors.door(2).openForward).toBe(false);
});
