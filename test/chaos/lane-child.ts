/**
 * One life of the real lane process, to be killed: the whole lane but for Electron, over pseudo-terminals whose far ends its
 * parent holds. Started ahead of time and told by IPC when to begin, so that a kill costs no start-up.
 */

import { unwrap } from '../../app/contract/result.ts';
import { castMember } from '../../app/demo/cast.ts';
import { HeadlessLane } from '../../app/demo/headless-lane.ts';
import { holderScene } from '../../app/demo/play.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import { readLaneProfile } from '../../app/lane/lane-profile.ts';
import { armKill, installKillSwitch } from './kill-switch.ts';
import type { FromChild, ToChild } from './messages.ts';

const FRAMES = { count: 8, width: 640, height: 480 };
const FRAME_EVERY_MS = 33;
const OFFICER = 'DEMO1';
const FOREVER_MS = 2_000_000_000;

const [member = ''] = process.argv.slice(2);
const frames = await liveFrames(holderScene(castMember(member).person), FRAMES);
installKillSwitch();
process.on('message', (message: ToChild) => void hear(message));
process.on('disconnect', () => process.exit(0));
say({ type: 'warm' });

let lane: HeadlessLane | null = null;

async function hear(message: ToChild): Promise<void> {
  switch (message.type) {
    case 'go': {
      armKill(message.plan);
      lane = await HeadlessLane.open(unwrap(readLaneProfile(message.profile)), FRAME_EVERY_MS);
      lane.stand(frames);
      void lookAfter(lane);
      await lane.waitFor(({ traveller }) => traveller?.step === 'attract', 60_000);
      return say({ type: 'attract' });
    }
    case 'arm': {
      const before = lane?.reports.length ?? 0;
      armKill(message.plan);
      say({ type: 'armed' });
      await lane?.waitFor(({ reports }) => reports.length > before, 60_000);
      return say({ type: 'report', ending: JSON.stringify(lane?.reports.at(-1)?.output.ending ?? null) });
    }
    case 'close':
      await lane?.close();
      process.exit(0);
  }
}

/** The officers of both sides: they look into a lane that has restarted, and resolve what waits for them. */
async function lookAfter(opened: HeadlessLane): Promise<void> {
  const work = (): readonly [string, () => void] | null => {
    const port = opened.supervisor('portSupervisor');
    if (port?.outOfServiceReasons.includes('laneToBeChecked')) {
      const action = { type: 'setService', inService: true } as const;
      return ['check', () => tell(opened, { type: 'supervisor', viewer: 'portSupervisor', officer: OFFICER, action })];
    }
    for (const viewer of ['exitOfficer', 'entryOfficer'] as const) {
      const referral = opened.supervisor(viewer)?.referrals.find(({ actions }) => actions.length > 0);
      if (referral === undefined) continue;
      const { recordId } = referral;
      const action = {
        type: 'resolveReferral',
        recordId,
        action: 'handedToManualLane',
        reasonCode: 'checkedInPerson',
      } as const;
      return [recordId, () => tell(opened, { type: 'supervisor', viewer, officer: OFFICER, action })];
    }
    return null;
  };
  for (;;) {
    await opened.waitFor(() => work() !== null, FOREVER_MS);
    const [name, act] = work() ?? ['', () => undefined];
    act();
    await opened.waitFor(() => work()?.[0] !== name, FOREVER_MS);
  }
}

function tell({ opened }: HeadlessLane, message: unknown): void {
  opened.lane.receive(message as never);
}

function say(message: FromChild): void {
  process.send?.(message);
}
