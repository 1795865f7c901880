import { expect, test, vi } from 'vitest';
import { openStage } from './lane-stage.ts';

const MORE = { type: 'traveller', action: { type: 'moreTime' } } as const;

test('before door 1 shuts its traveller is warned, and gets more time for the asking', async () => {
  const { lane, cross } = await openStage({ delays: { enterTimeout: 2_600, timeoutWarning: 1_000 } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson', { gait: 'staysOutside' });
  await lane.waitFor(({ traveller }) => traveller?.step === 'walkIn');
  expect(lane.traveller?.warnSecondsLeft).toBeNull();
  await lane.waitFor(({ traveller }) => traveller?.warnSecondsLeft === 1);
  lane.opened.lane.receive(MORE);
  await lane.waitFor(({ traveller }) => traveller?.step === 'walkIn' && traveller.warnSecondsLeft === null);
  await lane.waitFor(({ traveller }) => traveller?.warnSecondsLeft === 1);
  const { output, marks } = await crossing;
  expect(output.ending).toEqual({ state: 'abandoned', code: 'didNotEnter' });
  const opened = marks.filter(({ step }) => step === 'door1').map(({ atMs }) => atMs);
  expect(opened).toHaveLength(2);
});

test('the face step begins anew with the same portrait when more time is asked for', async () => {
  const { lane, cross } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  lane.play(false);
  const crossing = cross('stevenson');
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
  lane.opened.lane.receive(MORE);
  lane.play(true);
  expect((await crossing).output.ending).toEqual({ state: 'passed' });
});

test('the last door stays released under the same release, for one person, while more time is asked for', async () => {
  const { lane, cross, world } = await openStage({ delays: { passTimeout: 2_500, timeoutWarning: 1_000 } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson', { gait: 'staysBeforeLast' });
  await lane.waitFor(({ traveller }) => traveller?.step === 'goThrough' && traveller.warnSecondsLeft !== null);
  lane.opened.lane.receive(MORE);
  await lane.waitFor(({ traveller }) => traveller?.warnSecondsLeft === null);
  await lane.waitFor(({ traveller }) => traveller?.step === 'goThrough' && traveller.warnSecondsLeft !== null);
  expect(world.doors.door(3).openForward).toBe(true);
  await world.doors.walkIn(3);
  const { output, marks } = await crossing;
  expect(output.ending).toEqual({ state: 'passed' });
  expect(marks.filter(({ step }) => step === 'lastDoor')).toHaveLength(2);
  await vi.waitFor(() => expect(world.doors.door(3).openForward).toBe(false));
});

test('a chosen language is told again to a screen that was reloaded, and forgotten with its traveller', async () => {
  const { lane, cross } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  lane.opened.lane.receive({ type: 'traveller', action: { type: 'languageChosen', language: 'pt' } });
  await lane.waitFor(({ traveller }) => traveller?.suggestedLanguage === 'pt');
  const crossing = cross('stevenson');
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere' && traveller.suggestedLanguage === 'pt');
  await crossing;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract' && traveller.suggestedLanguage === null);
});
