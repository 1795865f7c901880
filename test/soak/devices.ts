import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type CastMember, castMember } from '../../app/demo/cast.ts';
import { type DemoWorld, openDemoWorld } from '../../app/demo/demo-world.ts';
import { HeadlessLane } from '../../app/demo/headless-lane.ts';
import { holderScene, Stage } from '../../app/demo/play.ts';
import { ImpossibleAct } from '../../native-bridge/simulators/impossible-act.ts';
import { asLaneProcess } from './as-lane-process.ts';
import { playPatiently } from './passed-over.ts';
import { type Footprint, footprint, growth, middle, seededDice } from './soak-figures.ts';

asLaneProcess();

/**
 * `npm run soak:devices -- [CROSSINGS] [SEED]`: crossings on a whole lane over real pseudo-terminals with its devices pulled out and
 * put back at random, before and in the middle of a crossing. Ends with all devices in service, handles and memory flat.
 */
const CROSSINGS = Number(process.argv[2] ?? 2_000);
const SEED = Number(process.argv[3] ?? 20_260_101);
const OUT = fileURLToPath(new URL('../../out/soak/', import.meta.url));
/** Where the figures are compared from: everything that is made once has been made by then. */
const SETTLED_AT = Math.min(200, Math.ceil(CROSSINGS / 2));
/** A process's memory comes and goes by itself: the middle of some samples is compared, taken around one crossing and before the last. */
const SAMPLE_EVERY = 10;
const SAMPLE_SPAN = Math.min(50, Math.ceil(CROSSINGS / 4));
const LIMIT = 0.05;
const TRAVELLERS: readonly CastMember[] = ['eriksson', 'stevenson', 'zhengjian'].map((id) => castMember(id));
/** A camera that never makes the models wait. */
const FRAME_EVERY_MS = 10;
/** Steps are short, so that a cut line costs seconds and not minutes. Milliseconds. */
const DELAYS = { showEnd: 20, enterTimeout: 3_000, moveTimeout: 3_000, passTimeout: 3_000, identifyTimeout: 5_000 };
/** Here cables are pulled every few seconds, which in a port would rightly be called flapping. */
const FLAP_RULE = { losses: 50, windowMs: 1_000, steadyMs: 1_000 };

/** Every device is back in service within 2 s; the rest is for a busy machine. */
const BACK_MS = 20_000;

type Device = 'scanner' | 'doors' | 'chipReader';
const DEVICES: readonly Device[] = ['scanner', 'doors', 'chipReader'];

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const dice = seededDice(SEED);
const outcomes = new Map<string, number>();
let pulled = 0;
let laidDownAgain = 0;

// A door may shut before somebody who walks up to it; in a soak that is life and no bug of the story.
process.on('unhandledRejection', (reason) => {
  if (!(reason instanceof ImpossibleAct)) throw reason;
});

/** The device's end of each cable, and the name its health goes by. */
const HEALTH_OF: Readonly<Record<Device, string>> = {
  scanner: 'documentScanner',
  doors: 'laneController',
  chipReader: 'chipReader',
};

function timesReady(lane: HeadlessLane, device: Device): number {
  return lane.opened.devices.reports.find((report) => report.device === HEALTH_OF[device])?.timesReady ?? 0;
}

/** Pulls a cable for a moment. The lane may notice later than we put it back: `noticed` waits until it was away and is back. */
async function pull(
  world: DemoWorld,
  lane: HeadlessLane,
  device: Device,
  pauseMs: number,
): Promise<() => Promise<void>> {
  const end = world[device];
  if (end === null) throw new Error(`${device} is not fitted`);
  const before = timesReady(lane, device);
  end.unplug();
  pulled += 1;
  await sleep(pauseMs);
  end.replug();
  return async () => {
    const deadline = performance.now() + BACK_MS;
    while (timesReady(lane, device) === before) {
      if (performance.now() > deadline) throw new Error(`${device} was not back after ${BACK_MS} ms`);
      await sleep(5);
    }
  };
}

async function inService(lane: HeadlessLane): Promise<void> {
  await lane.waitFor(({ traveller, opened }) => traveller?.step === 'attract' && opened.devices.allInService);
}

/** Pulls one cable at a random moment of the crossing that begins now, and puts it back a moment later. */
async function pullInTheMiddle(world: DemoWorld, lane: HeadlessLane, over: () => boolean): Promise<void> {
  const device = dice.pick(DEVICES);
  const [afterMs, pauseMs] = [dice.below(400), dice.below(150)];
  await lane.waitFor(({ traveller }) => over() || traveller?.step !== 'attract');
  await sleep(afterMs);
  if (over()) return;
  const noticed = await pull(world, lane, device, pauseMs);
  await noticed();
}

async function cross(world: DemoWorld, lane: HeadlessLane, stage: Stage, number: number): Promise<string> {
  const member = TRAVELLERS[number % TRAVELLERS.length] ?? castMember('eriksson');
  const before = lane.reports.length;
  const pulling = dice.below(10) < 4 ? pullInTheMiddle(world, lane, () => lane.reports.length > before) : null;
  const chip = await world.chipOffice.chipOf(member);
  const play = () => stage.cross(member.lines, holderScene(member.person), 'walksOn', 'handedToManualLane', chip);
  const played = await playPatiently(lane, play, () => {
    world.doors.clearPeople();
    laidDownAgain += 1;
  });
  if (played === null) world.doors.clearPeople();
  await pulling;
  const ending = lane.reports[before]?.output.ending;
  const code = ending !== null && ending !== undefined && 'code' in ending ? ` ${ending.code}` : '';
  return `${ending?.state ?? 'unrecorded'}${code}`;
}

async function run(world: DemoWorld, lane: HeadlessLane): Promise<{ settled: Footprint; last: Footprint }> {
  const stage = new Stage(world, lane, 3);
  await inService(lane);
  const settled: Footprint[] = [];
  const last: Footprint[] = [];
  for (let number = 1; number <= CROSSINGS; number += 1) {
    if (dice.below(10) < 2) {
      const noticed = await pull(world, lane, dice.pick(DEVICES), dice.below(100));
      await noticed();
      await inService(lane);
    }
    const outcome = await cross(world, lane, stage, number);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    await stage.resolveAll('handedToManualLane');
    await inService(lane);
    lane.forgetReports();
    if (number % SAMPLE_EVERY !== 0 && number !== CROSSINGS) continue;
    const held = await footprint();
    if (Math.abs(number - SETTLED_AT) <= SAMPLE_SPAN / 2) settled.push(held);
    if (number > CROSSINGS - SAMPLE_SPAN) last.push(held);
    if (number % 20 === 0)
      say(
        `${number} crossings, ${pulled} cables pulled, ${Math.round(held.rssBytes / 1e6)} MB (${Math.round(held.bufferBytes / 1e6)} in buffers), ${held.handles} handles`,
      );
  }
  // Measuring stops this process for moments; what was lost by that is found again like anything else.
  await inService(lane);
  return { settled: middle(settled), last: middle(last) };
}

const folder = mkdtempSync(join(tmpdir(), 'jointgate-soak-'));
const world = await openDemoWorld({
  folder,
  topology: 'threeDoor',
  readingMs: 0,
  travelMs: 0,
  delays: DELAYS,
  chipReader: true,
});
const lane = await HeadlessLane.open(world.profile, FRAME_EVERY_MS, { fitting: { flapRule: FLAP_RULE } });
const startedAt = performance.now();
try {
  const { settled, last } = await run(world, lane);
  const reports = lane.opened.devices.reports;
  const grown = growth(settled, last);
  const figures = {
    crossings: CROSSINGS,
    seed: SEED,
    cablesPulled: pulled,
    laidDownAgain,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    outcomes: Object.fromEntries([...outcomes].toSorted(([a], [b]) => a.localeCompare(b))),
    comparedFrom: SETTLED_AT,
    settled,
    last,
    growth: grown,
    limit: LIMIT,
    devices: reports.map(({ device, state, timesReady, timesLost, latency }) => ({
      device,
      state,
      timesReady,
      timesLost,
      p95Ms: latency.p95Ms,
    })),
  };
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'devices.json'), `${JSON.stringify(figures, null, 2)}\n`);
  say(JSON.stringify(figures, null, 2));
  const isFlat = Object.values(grown).every((share) => share <= LIMIT);
  const allThere = reports.every(({ state }) => state === 'ready');
  say(`devices in service: ${allThere ? 'all' : 'NOT ALL'}; handles and memory ${isFlat ? 'flat' : 'NOT FLAT'}`);
  process.exitCode = isFlat && allThere ? 0 : 1;
} finally {
  await lane.close();
  world.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
