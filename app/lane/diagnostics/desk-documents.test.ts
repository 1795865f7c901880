import { describe, expect, test } from 'vitest';
import { openBench, searched, served } from '../../../test/integration/desk-bench.ts';
import { allDoorsShut, openStage } from '../../../test/integration/lane-stage.ts';
import { CAST, castMember } from '../../demo/cast.ts';

describe('a test document', () => {
  test('opens no record and no door in diagnostics, whoever’s it is; only format and checks are told', async () => {
    const { lane, world, act, until, inside, workbench, events } = await openBench();
    await served(lane);
    await inside();
    act({ type: 'testDocument' });
    await until(({ workbench: bench }) => bench?.running?.waitsFor === 'document');
    // An enrolled holder's: in service it would open door 1.
    await world.scanner.presentDocument(castMember('stevenson').lines);
    world.scanner.removeDocument();
    const view = await until(({ workbench: bench }) => bench?.results.length === 1);
    expect(view.workbench?.results[0]).toMatchObject({ test: 'document', outcome: 'passed', facts: { format: 'TD1' } });
    expect(allDoorsShut(world)).toBe(true);
    expect(events()).not.toContain('recordOpened');
    expect(events().filter((event) => /^opened$|doorReleased/i.test(event))).toEqual([]);
    expect(workbench().devices[0]?.done).toBe(1);
    expect(searched(JSON.stringify(view))).toEqual([]);
  });

  test('that is registered opens nothing in service either, and others still do', async () => {
    const { lane, world, act, until, inside, alarms, nextIsServed } = await openBench();
    await served(lane);
    await inside();
    act({ type: 'registerTestDocument' });
    await until(({ workbench }) => workbench?.running?.waitsFor === 'document');
    await world.scanner.presentDocument(castMember('eriksson').lines);
    world.scanner.removeDocument();
    await until(({ workbench }) => workbench?.testDocuments === 1);
    act({ type: 'leave' });
    await until(({ mode }) => mode === 'outside');
    await served(lane);
    await world.scanner.presentDocument(castMember('eriksson').lines);
    world.scanner.removeDocument();
    await lane.waitFor(({ traveller }) => traveller?.step === 'seeOfficer');
    expect(alarms()).toContain('testDocumentPresented');
    expect(allDoorsShut(world)).toBe(true);
    expect(lane.reports).toEqual([]);
    await served(lane);
    await nextIsServed();
  });
});

test.each([
  { story: 'genuine', outcome: 'passed', code: null, hashes: 'passed' },
  { story: 'tampered', outcome: 'failed', code: 'dataGroupHashes', hashes: 'failed' },
] as const)('a $story chip is read for a technician: every check is told, and no byte of it', async (expected) => {
  const { lane, world, act, until, inside, workbench } = await openBench(await openStage({ chip: {} }));
  const member = CAST.find(({ chip }) => chip === expected.story);
  const chip = member === undefined ? null : await world.chipOffice.chipOf(member);
  if (member === undefined || chip === null) throw new Error(`nobody has a ${expected.story} chip`);
  await served(lane);
  await inside();
  world.chipReader?.presentChip(chip);
  act({ type: 'testChip' });
  await until(({ workbench: bench }) => bench?.running?.waitsFor === 'document');
  await world.scanner.presentDocument(member.lines);
  world.scanner.removeDocument();
  await until(({ workbench: bench }) => bench?.results.length === 1);
  const [result] = workbench().results;
  expect(result).toMatchObject({ test: 'chip', outcome: expected.outcome, code: expected.code });
  expect(Object.fromEntries(result?.checks.map(({ id, outcome }) => [id, outcome]) ?? [])).toMatchObject({
    mrzMatchesChip: 'passed',
    sodSignature: 'passed',
    signerChain: 'passed',
    dataGroupHashes: expected.hashes,
  });
  const apdus = workbench().trace.filter(({ what }) => what === 'apdu');
  expect(apdus.length).toBeGreaterThan(10);
  for (const { detail } of apdus)
    expect(detail).toMatch(/^instruction=\d+ sent=\d+ received=\d+ answer=\w+ ms=[\d.]+$/);
  expect(searched(JSON.stringify(workbench()))).toEqual([]);
  expect(allDoorsShut(world)).toBe(true);
});
