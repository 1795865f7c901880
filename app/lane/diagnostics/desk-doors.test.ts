import { describe, expect, test } from 'vitest';
import { openBench, PIN, served } from '../../../test/integration/desk-bench.ts';
import { allDoorsShut } from '../../../test/integration/lane-stage.ts';

describe('doors', () => {
  test('open only by the confirmed question, one at a time, and shut again', async () => {
    const { lane, world, act, until, inside, events } = await openBench();
    await served(lane);
    await inside();
    // Nothing was asked: nothing is confirmed.
    act({ type: 'confirmDoorTest', door: 2, question: 1 });
    act({ type: 'askDoorTest', door: 2 });
    const asked = await until(({ workbench }) => workbench?.running?.waitsFor === 'confirmation');
    const question = asked.workbench?.running?.question ?? 0;
    act({ type: 'confirmDoorTest', door: 3, question });
    act({ type: 'confirmDoorTest', door: 2, question: question + 1 });
    act({ type: 'askDoorTest', door: 1 });
    await lane.opened.diagnostics.receive({ type: 'checkReadiness' });
    expect(allDoorsShut(world)).toBe(true);
    act({ type: 'confirmDoorTest', door: 2, question });
    // A second press of the same button opens nothing more.
    act({ type: 'confirmDoorTest', door: 2, question });
    expect(await world.doors.doorOpen(2, 'forward', 5_000)).toBe(true);
    expect([1, 3].map((door) => world.doors.door(door).openForward)).toEqual([false, false]);
    act({ type: 'cancelTest' });
    const view = await until(({ workbench }) => workbench?.results[0]?.test === 'door');
    expect(view.workbench?.results[0]).toMatchObject({ outcome: 'passed', facts: { door: 2 } });
    expect(allDoorsShut(world)).toBe(true);
    expect(events().filter((event) => event === 'doorTested')).toHaveLength(1);
  });

  test('somebody who walks through a tested door closes the lane until an officer has looked', async () => {
    const { lane, world, act, until, inside, openTestedDoor } = await openBench();
    await served(lane);
    await inside();
    await openTestedDoor(1);
    await world.doors.walkIn(1);
    const view = await until(({ workbench }) => workbench?.results[0]?.test === 'door');
    expect(view.workbench?.results[0]).toMatchObject({ outcome: 'warning', code: 'somebodyPassed' });
    act({ type: 'leave' });
    const out = await until(({ mode }) => mode === 'outside');
    expect([out.inService, out.outOfServiceReasons]).toEqual([false, ['laneToBeChecked']]);
  });

  test('stay shut for whoever is outside diagnostics or signed out', async () => {
    const { lane, world, act, until } = await openBench();
    await served(lane);
    act({ type: 'askDoorTest', door: 1 });
    act({ type: 'confirmDoorTest', door: 1, question: 1 });
    act({ type: 'signIn', officer: 'TECH1', pin: PIN, newPin: null });
    await until(({ technician }) => technician !== null);
    act({ type: 'askDoorTest', door: 1 });
    act({ type: 'confirmDoorTest', door: 1, question: 1 });
    act({ type: 'setLamp', door: 1, lamp: 'green' });
    act({ type: 'saveSettings', values: { enterTimeout: 9_000 } });
    await lane.opened.diagnostics.receive({ type: 'checkReadiness' });
    expect(allDoorsShut(world)).toBe(true);
    expect(lane.diagnostics?.workbench?.results).toEqual([]);
    expect(lane.diagnostics?.workbench?.settingsFile.state).toBe('standard');
  });
});
