import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Topology } from '../../app/contract/crossing.ts';
import type { Control } from '../../app/controls/control.ts';
import { play } from '../../app/demo/play.ts';
import { SCENARIOS } from '../../app/demo/scenarios.ts';
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

const CASES = SCENARIOS.flatMap((scenario) =>
  (['threeDoor', 'twoDoor'] as const).map((topology): [string, Topology] => [scenario.name, topology]),
);

test.each(CASES)(
  '%s with %s ends as it must',
  async (name, topology) => {
    const folder = mkdtempSync(join(tmpdir(), 'jointgate-scenario-'));
    const scenario = SCENARIOS.find((candidate) => candidate.name === name);
    if (scenario === undefined) throw new Error(name);
    try {
      const played = await play({
        folder,
        topology,
        scenario,
        crossings: name === 'clear' ? 3 : 1,
        onCrossing: () => undefined,
      });
      for (const crossing of played)
        expect(crossing).toMatchObject({ outcome: scenario.expected, code: scenario.code });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  40_000,
);
