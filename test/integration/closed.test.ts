import { expect, test } from 'vitest';
import type { Viewer } from '../../app/contract/supervisor-view.ts';
import { HeadlessLane } from '../../app/demo/headless-lane.ts';
import { openStage } from './lane-stage.ts';

const setService = (viewer: Viewer, inService: boolean) =>
  ({ type: 'supervisor', viewer, officer: 'TEST1', action: { type: 'setService', inService } }) as const;

test('a lane that one side closed stays closed through a restart, and the other side cannot open it', async () => {
  const { lane, world } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  lane.opened.lane.receive(setService('exitOfficer', false));
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  await lane.close();

  const again = await HeadlessLane.open(world.profile, 33);
  try {
    await again.waitFor(() => again.supervisor('portSupervisor')?.outOfServiceReasons.join() === 'closedByOfficer');
    again.opened.lane.receive(setService('entryOfficer', true));
    await again.waitFor(() =>
      (again.supervisor('portSupervisor')?.timeline ?? []).some(({ event }) => event === 'officerActionRefused'),
    );
    expect(again.traveller?.step).toBe('outOfService');
    again.opened.lane.receive(setService('exitOfficer', true));
    await again.waitFor(({ traveller }) => traveller?.step === 'attract');
  } finally {
    await again.close();
  }
});
