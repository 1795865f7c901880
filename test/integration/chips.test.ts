import { expect, test } from 'vitest';
import { castMember } from '../../app/demo/cast.ts';
import { holderScene } from '../../app/demo/play.ts';
import { openStage } from './lane-stage.ts';

const outcomes = (checks: readonly { readonly id: string; readonly outcome: string }[]) =>
  Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));

test('a genuine chip passes every check it supports, read through the reader’s own protocol', async () => {
  const { lane, cross } = await openStage({ chip: {} });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output, checks } = await cross('eriksson');
  expect(output.ending).toEqual({ state: 'passed' });
  expect(outcomes(checks)).toMatchObject({
    chipAccess: 'passed',
    mrzMatchesChip: 'passed',
    sodSignature: 'passed',
    signerChain: 'passed',
    dataGroupHashes: 'passed',
    chipAuthenticity: 'passed',
  });
});

test.each([
  ['tina', 'dataGroupHashes'],
  ['clara', 'chipAuthenticity'],
])('the chip of %s opens no door: %s fails, the exit side’s officer is asked', async (id, failed) => {
  const { lane, cross, world } = await openStage({ chip: {} });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output, checks, marks } = await cross(id);
  expect(output).toMatchObject({
    ending: { state: 'referred', owner: 'exit', code: 'documentCheckFailed' },
    place: 'outside',
  });
  expect(outcomes(checks)[failed]).toBe('failed');
  expect(marks.some(({ step }) => step === 'door1')).toBe(false);
  expect(world.doors.door(1).openForward).toBe(false);
});

test('read while the holder walks in, a bad chip ends the crossing before the controls are asked', async () => {
  const { lane, cross } = await openStage({ chip: { awaitedAt: 'controls' } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const good = await cross('eriksson');
  expect(good.output.ending).toEqual({ state: 'passed' });
  const bad = await cross('tina');
  expect(bad.output.ending).toMatchObject({ state: 'referred', code: 'documentCheckFailed' });
  expect(bad.marks.some(({ step }) => step === 'asked')).toBe(false);
});

test('the proved chip’s own picture can be what the live face is held against', async () => {
  const { lane, stage, world, cross } = await openStage({ chip: { portrait: 'chip' } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  expect((await cross('eriksson')).output.ending).toEqual({ state: 'passed' });
  // The document of one person with the genuine chip of that document, presented by another.
  const { lines, person } = castMember('eriksson');
  const chip = await world.chipOffice.chipOf({ ...castMember('eriksson'), person: 'p03' });
  const report = await stage.cross(lines, holderScene(person), 'walksOn', 'handedToManualLane', chip);
  expect(report.output.ending).toMatchObject({ state: 'referred', code: 'faceNotMatched' });
});

test('a document without a chip, and a reader that is gone, are said and never silently absent', async () => {
  const { lane, cross, world } = await openStage({ chip: { awaitChip: 200 } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output, checks } = await cross('zhengjian');
  expect(output.ending).toEqual({ state: 'passed' });
  expect(checks.find(({ id }) => id === 'chipAccess')).toMatchObject({ outcome: 'notDone', reason: 'noChip' });
  world.chipReader?.unplug();
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  expect(lane.supervisor('portSupervisor')?.outOfServiceReasons).toContain('chipReaderLost');
  world.chipReader?.replug();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
});
