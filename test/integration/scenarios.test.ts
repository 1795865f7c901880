import { expect, test } from 'vitest';
import type { Control } from '../../app/controls/control.ts';
import { holderScene, playedCrossing } from '../../app/demo/play.ts';
import { SCENARIOS, type Scenario } from '../../app/demo/scenarios.ts';
import { openStage } from './lane-stage.ts';

test('an entry refusal that comes when the traveller stands in chamber B holds them there until an officer sends them back', async () => {
  let entered: () => void = () => undefined;
  const inB = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const { lane, cross, world } = await openStage({
    extra: {
      replaceControl: (side, control) =>
        side === 'exit'
          ? control
          : { ...bound(control), prepare: (request, signal) => inB.then(() => control.prepare(request, signal)) },
    },
  });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('noor', { officer: 'sentBack' });
  await lane.waitFor(({ traveller }) => traveller?.step === 'waitForEntry');
  expect(world.doors.door(2).openForward).toBe(false);
  entered();
  await lane.waitFor(() => lane.supervisor('entryOfficer')?.referrals[0]?.place === 'chamberB');
  expect(lane.supervisor('exitOfficer')?.referrals[0]).toMatchObject({ owner: 'entry', actions: [] });
  expect((await crossing).output).toMatchObject({ ending: { state: 'refused', owner: 'entry' }, place: 'outside' });
  expect(world.doors.door(3).openForward).toBe(false);
});

/** The same control with its methods as plain properties, so that one of them can be replaced. */
function bound(control: Control): Control {
  return {
    side: control.side,
    prepare: (request, signal) => control.prepare(request, signal),
    notify: (notice, key, signal) => control.notify(notice, key, signal),
    keys: () => control.keys(),
    close: () => control.close(),
  };
}

/** The control that the scenario of the moment wants, over the lane's own. */
function switched(control: Control, scenario: () => Scenario | null): Control {
  return {
    ...bound(control),
    prepare: (request, signal) => (scenario()?.entryControl?.(control) ?? control).prepare(request, signal),
  };
}

// Two doors are half a minute more: with `npm run test:long`.
const TOPOLOGIES =
  process.env.JOINTGATE_LONG === undefined ? (['threeDoor'] as const) : (['threeDoor', 'twoDoor'] as const);

test.each(TOPOLOGIES)(
  'every scenario ends as it must with %s, one after the other on one lane',
  async (topology) => {
    let current: Scenario | null = null;
    const { lane, stage, cross, world } = await openStage({
      topology,
      // Not every document of the cast has a chip: those wait for none.
      chip: { awaitChip: 200 },
      delays: { passTimeout: 1_500, controlDeadline: 2_000 },
      extra: { replaceControl: (side, control) => (side === 'entry' ? switched(control, () => current) : control) },
    });
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    for (const scenario of SCENARIOS) {
      current = scenario;
      const member = scenario.member(0);
      const { id, lines, person } = member;
      if (scenario.presentedBefore) await cross(id, { gait: 'staysOutside' });
      const report = await stage.cross(
        lines,
        scenario.scene ?? holderScene(person),
        scenario.gait,
        scenario.officer,
        scenario.chip ? await world.chipOffice.chipOf(member) : null,
      );
      expect(playedCrossing(1, scenario, report), scenario.name).toMatchObject({
        outcome: scenario.expected,
        code: scenario.code,
      });
      await stage.resolveAll('handedToManualLane');
      await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    }
  },
  120_000,
);
