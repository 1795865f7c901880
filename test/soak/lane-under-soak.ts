import { setTimeout as sleep } from 'node:timers/promises';
import { castMember } from '../../app/demo/cast.ts';
import { type DemoWorld, openDemoWorld } from '../../app/demo/demo-world.ts';
import { HeadlessLane } from '../../app/demo/headless-lane.ts';
import { holderScene, playedCrossing, Stage } from '../../app/demo/play.ts';
import { type Incident, SilentSwitch, type Turn, turnAt } from './faults.ts';
import { playPatiently } from './passed-over.ts';
import type { FromLaneUnderSoak } from './soak-messages.ts';

/** The whole lane, and the world around it, in one process whose memory and handles its parent watches: FOLDER CROSSINGS. */
const [folder = '', crossings = '0'] = process.argv.slice(2);
/** As fast as the models take frames. */
const FRAME_EVERY_MS = 5;
const TRIES_AGAIN_MS = 600;
const GARBAGE = new TextEncoder().encode(`${'P<UTO<<'.repeat(3)}\r\u0000\u00ff\r\r`);

const tell = (message: FromLaneUnderSoak): void => {
  process.send?.(message);
};

async function run(): Promise<void> {
  const silent = new SilentSwitch();
  const delays = { showEnd: 20, controlDeadline: 800, passTimeout: 1_500 };
  const world = await openDemoWorld({ folder, topology: 'threeDoor', readingMs: 0, travelMs: 0, delays });
  const lane = await HeadlessLane.open(world.profile, FRAME_EVERY_MS, {
    replaceControl: (side, control) => (side === 'entry' ? silent.around(control) : control),
  });
  const stage = new Stage(world, lane, 3);
  await attracts(lane);
  tell({ type: 'ready', dataFolder: world.profile.dataFolder });
  for (let number = 0; number < Number(crossings); number += 1) {
    const turn = turnAt(number);
    await happen(turn.incident, world, lane);
    silent.on = turn.scenario.name === 'control-timeout';
    await cross(number, turn, stage, world, lane);
    silent.on = false;
    await stage.resolveAll('handedToManualLane');
    await attracts(lane);
    lane.forgetReports();
  }
  await lane.close();
  world.close();
  tell({ type: 'done' });
}

async function cross(
  number: number,
  { scenario, incident }: Turn,
  stage: Stage,
  world: DemoWorld,
  lane: HeadlessLane,
): Promise<void> {
  const member = scenario.member(number);
  const { lines, person } = castMember(member.id);
  const scene = scenario.scene ?? holderScene(person);
  const play = () => stage.cross(lines, scene, scenario.gait, scenario.officer);
  const report = await playPatiently(lane, play, () => world.doors.clearPeople());
  if (report === null) throw new Error(`crossing ${number}: a door shut before its traveller`);
  const { recordId, outcome, asExpected, milliseconds } = playedCrossing(number, scenario, report);
  if (!asExpected) process.stderr.write(`soak: crossing ${number} (${scenario.name}): ${outcome}\n`);
  tell({
    type: 'crossing',
    number,
    scenario: scenario.name,
    incident,
    recordId,
    outcome,
    asExpected,
    lastDoorMs: milliseconds.lastDoor ?? null,
  });
}

async function happen(incident: Incident, world: DemoWorld, lane: HeadlessLane): Promise<void> {
  switch (incident) {
    case 'none':
      return;
    case 'garbage':
      await world.scanner.presentBytes(GARBAGE);
      world.scanner.removeDocument();
      // Somebody looks puzzled and lays the document down again.
      await sleep(TRIES_AGAIN_MS);
      return attracts(lane);
    case 'scannerUnplugged':
      return pullAndPlug(world.scanner, lane);
    case 'doorsUnplugged':
      return pullAndPlug(world.doors, lane);
  }
}

/** Pulls a cable until the lane has noticed, and plugs it in again. */
async function pullAndPlug(device: { unplug(): void; replug(): void }, lane: HeadlessLane): Promise<void> {
  device.unplug();
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  device.replug();
  await attracts(lane);
}

function attracts(lane: HeadlessLane): Promise<void> {
  return lane.waitFor(({ traveller }) => traveller?.step === 'attract');
}

run().catch((error: unknown) => {
  tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 200);
});
