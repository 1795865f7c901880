import { expect, test, vi } from 'vitest';
import { allDoorsShut, openStage } from './lane-stage.ts';

test('the lamp follows crossings, is red like every reason to see an officer, and red when the lane has ended', async () => {
  const { lane, cross, stage, world } = await openStage({ accessories: { indicator: {} } });
  const accessories = world.accessories!;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const seen: string[] = [];
  const atSteps = new Map<string, string>();
  const end = accessories.onLamp(() => {
    seen.push(accessories.lamp);
    atSteps.set(lane.traveller?.step ?? '', accessories.lamp);
  });
  expect((await cross('stevenson')).output.ending).toMatchObject({ state: 'passed' });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract' && accessories.lamp === 'off');
  // Each release of a door, and nothing else.
  expect(seen.filter((lamp) => lamp === 'green').length).toBeGreaterThanOrEqual(2);
  expect(atSteps.get('lookHere')).toBe('amber');
  await cross('ines');
  expect(atSteps.get('seeOfficer')).toBe('red');
  await stage.resolveAll('handedToManualLane');
  end();
  await lane.close();
  expect(accessories.lamp).toBe('red');
  expect(allDoorsShut(world)).toBe(true);
});

test('a lamp that is torn off in the middle is an alarm; the crossing and the next one go on', async () => {
  const { lane, cross, world, alarms, nextIsServed } = await openStage({ accessories: { indicator: {} } });
  const cable = world.accessories!.lampCable;
  const lamp = () => lane.supervisor('exitOfficer')?.devices.find(({ name }) => name === 'indicator')?.state;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const torn = lane.waitFor(({ traveller }) => traveller?.step === 'lookHere').then(() => cable.unplug());
  expect((await cross('stevenson')).output.ending).toMatchObject({ state: 'passed' });
  await torn;
  await lane.waitFor(() => alarms().includes('accessoryLost indicator unplugged'));
  expect(lane.supervisor('exitOfficer')).toMatchObject({ inService: true, outOfServiceReasons: [] });
  expect(lamp()).toBe('lost');
  await nextIsServed();
  cable.plug();
  await lane.waitFor(() => lamp() === 'ready');
});

test('light and mount serve captures only; broken ones are alarms and stop nobody', async () => {
  const { lane, cross, world, alarms, stage } = await openStage({ accessories: { cameraLight: {}, cameraTilt: {} } });
  const { light, lightCable, tilt } = world.accessories!;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  lane.opened.lane.receive({ type: 'traveller', action: { type: 'lowPosition', on: true } });
  expect([light.shining, tilt.tilt]).toEqual([0, 0]);
  const lit = lane.waitFor(() => light.shining > 0 && tilt.tilt < 0).then(() => lane.traveller?.step);
  expect((await cross('stevenson')).output.ending).toMatchObject({ state: 'passed' });
  expect(['lookHere', 'pleaseWait']).toContain(await lit);
  await vi.waitFor(() => expect([light.shining, tilt.tilt]).toEqual([0, 0]), { timeout: 5_000, interval: 5 });
  lightCable.onReport = () => {};
  tilt.unplug();
  expect((await cross('stevenson')).output.ending).toMatchObject({ state: 'passed' });
  await stage.resolveAll('handedToManualLane');
  await lane.waitFor(() =>
    ['cameraLight', 'cameraTilt'].every((name) => alarms().some((alarm) => alarm.startsWith(`accessoryLost ${name}`))),
  );
  expect(lane.supervisor('exitOfficer')?.inService).toBe(true);
});
