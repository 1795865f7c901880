import { castMember } from '../../app/demo/cast.ts';
import { type DemoWorld, openDemoWorld } from '../../app/demo/demo-world.ts';
import { type Gait, walk } from '../../app/demo/walker.ts';
import { flawsOf, type LaneData, laneData, readRecords, undelivered } from '../guarantees/both-sides.ts';
import { secretsLeft } from '../guarantees/secrets.ts';
import type { KillPlan } from './kill-switch.ts';
import { LaneLife } from './lane-life.ts';

export interface Kill {
  readonly number: number;
  /** `before append answered`, `outside while crossing`, .. */
  readonly at: string;
  readonly flaws: readonly string[];
}

export interface ChaosOptions {
  readonly folder: string;
  readonly kills: number;
  readonly onKill?: (kill: Kill) => void;
}

export interface ChaosReport {
  readonly kills: number;
  readonly killsAt: Readonly<Record<string, number>>;
  readonly records: number;
  readonly byState: Readonly<Record<string, number>>;
  readonly passed: number;
  /** How often somebody really went through the last door. */
  readonly walkedThrough: number;
  /** Openings of the last door, seen at the door itself. */
  readonly lastDoorOpenings: number;
  readonly flaws: readonly string[];
}

/** Several, so that one whose clear is still being taken back does not keep the next one waiting. */
const TRAVELLERS = ['stevenson', 'eriksson'] as const;
/** Steps of a crossing and of a recovery with all their notices. */
const CROSSING_STEPS = 20;
const RECOVERY_STEPS = 5;
const LAST_DOOR = 3;
/** Short, so that a traveller who stays is voided soon. Milliseconds. */
const DELAYS = { showEnd: 50, passTimeout: 2_500, moveTimeout: 4_000, enterTimeout: 4_000 };
const SETTLE_MS = 20_000;

/** Kills one lane process after the other on the same data, and asks after each whether every guarantee holds. */
export async function killLane({ folder, kills, onKill }: ChaosOptions): Promise<ChaosReport> {
  const world = await openDemoWorld({ folder, topology: 'threeDoor', readingMs: 0, travelMs: 0, delays: DELAYS });
  const data = laneData(world.profile.dataFolder);
  const door = watchLastDoor(world, data);
  const killsAt: Record<string, number> = {};
  const flaws: string[] = [];
  let walkedThrough = 0;
  let number = 0;
  let warm = new LaneLife(TRAVELLERS[0]);
  let pending: string | null = null;

  /** A kill is judged by what the next life finds. */
  const judge = async (life: LaneLife): Promise<void> => {
    const found = [
      ...door.flaws.splice(0),
      ...(await settled(data, life)),
      ...(doorsShut(world) ? [] : ['a door stands open']),
    ];
    const passed = readRecords(data.record).filter(({ state }) => state === 'passed').length;
    if (passed !== walkedThrough)
      found.push(`${walkedThrough} went through the last door, ${passed} are recorded as passed`);
    if (pending === null) return void flaws.push(...found);
    number += 1;
    killsAt[pending] = (killsAt[pending] ?? 0) + 1;
    onKill?.({ number, at: pending, flaws: found });
    flaws.push(...found.map((flaw) => `kill ${number} ${pending}: ${flaw}`));
    pending = null;
  };

  try {
    for (let round = 0; number < kills && flaws.length === 0; round++) {
      const life = warm;
      warm = new LaneLife(TRAVELLERS[(round + 1) % TRAVELLERS.length] ?? TRAVELLERS[0]);
      await life.until('warm');
      const inRecovery = round % 8 === 7;
      life.send({ type: 'go', profile: world.profilePath, plan: inRecovery ? planOf(round, RECOVERY_STEPS) : null });
      if (!(await life.until('attract'))) {
        // Killed in its recovery: the one after it finds both.
        if (life.killedAt === null) {
          flaws.push(`a lane did not come back after a kill: ${life.ended}`);
          break;
        }
        const at = `recovery: ${life.killedAt}`;
        killsAt[at] = (killsAt[at] ?? 0) + 1;
        number += 1;
        continue;
      }
      await judge(life);
      if (life.killedAt !== null) {
        const at = `after recovery: ${life.killedAt}`;
        killsAt[at] = (killsAt[at] ?? 0) + 1;
        number += 1;
        continue;
      }
      world.doors.clearPeople();
      const fromOutside = round % 3 === 2;
      life.send({ type: 'arm', plan: fromOutside ? null : planOf(round, CROSSING_STEPS) });
      if (!(await life.until('armed'))) {
        if (life.killedAt === null) flaws.push(`a lane died by itself: ${life.ended}`);
        pending = `after recovery: ${life.killedAt}`;
        continue;
      }
      const gait: Gait = round % 7 === 6 ? 'staysBeforeLast' : 'walksOn';
      // Whoever is in the lane walks on while it is dead, too: a door that was released stays so until its own time is over.
      const walking = walk(world.doors, LAST_DOOR, gait, () => life.over || life.heard('report'));
      void present(world, life, TRAVELLERS[round % TRAVELLERS.length] ?? TRAVELLERS[0]);
      if (fromOutside) {
        await Promise.race([life.until('report'), world.doors.waitFor(() => false, (round * 137) % 1_400)]);
        pending = life.heard('report') ? 'outside after the crossing' : 'outside while crossing';
      } else {
        await life.until('report');
        if (life.over && life.killedAt === null) flaws.push(`a lane ended by itself: ${life.ended}`);
        pending = life.killedAt ?? 'outside after the crossing';
      }
      await life.kill();
      if ((await walking) === 'through') walkedThrough += 1;
    }
    const last = warm;
    await last.until('warm');
    last.send({ type: 'go', profile: world.profilePath, plan: null });
    if (await last.until('attract')) await judge(last);
    else flaws.push('the lane did not come back');
    await last.end();
    const records = readRecords(data.record);
    const left = await secretsLeft(folder);
    return {
      kills: number,
      killsAt,
      records: records.length,
      byState: countStates(records.map(({ state }) => state)),
      passed: records.filter(({ state }) => state === 'passed').length,
      walkedThrough,
      lastDoorOpenings: door.openings(),
      flaws: [...flaws, ...left],
    };
  } finally {
    await warm.kill();
    world.close();
  }
}

/** Phase after phase at step after step. */
function planOf(round: number, steps: number): KillPlan {
  const phase = (['after', 'during', 'before'] as const)[Math.floor(round / steps) % 3] ?? 'after';
  return { step: 1 + ((round * 7) % steps), phase, delayUs: (round * 613) % 4_000 };
}

/** Again and again, as travellers do: a lane that was out of service for a moment has not looked at it. */
async function present({ scanner, doors }: DemoWorld, life: LaneLife, member: string): Promise<void> {
  while (!life.over && !life.heard('report')) {
    await scanner.presentDocument(castMember(member).lines);
    scanner.removeDocument();
    for (let looks = 0; looks < 30 && !life.over && !life.heard('report'); looks++)
      await doors.waitFor(() => false, 200);
  }
}

/** What is wrong once both controls have been told everything; until then that is not to be asked. */
async function settled(data: LaneData, life: LaneLife): Promise<readonly string[]> {
  const untilMs = performance.now() + SETTLE_MS;
  while (undelivered(data.record) > 0) {
    if (performance.now() > untilMs) return [`${undelivered(data.record)} notices are not delivered`];
    // Killed as it was told to, only later than its recovery: the life after it settles.
    if (life.killedAt !== null) return flawsOf(data, { told: false });
    if (life.over) return [`the lane died by itself: ${life.ended}`];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const live = readRecords(data.record).filter(({ state }) =>
    ['open', 'identified', 'verified', 'prepared', 'committed'].includes(state),
  );
  return [...flawsOf(data, { told: true }), ...live.map(({ recordId, state }) => `${recordId} is still ${state}`)];
}

function doorsShut({ doors }: DemoWorld): boolean {
  return [1, 2, 3].every((number) => !doors.door(number).openForward && !doors.door(number).openBackward);
}

/** G1 at the door itself: at the moment it lets somebody through, the disk holds the reason. */
function watchLastDoor({ doors }: DemoWorld, data: LaneData): { readonly flaws: string[]; openings(): number } {
  const flaws: string[] = [];
  let wasOpen = false;
  let openings = 0;
  const look = (): boolean => {
    const { openForward } = doors.door(LAST_DOOR);
    if (openForward && !wasOpen) {
      openings += 1;
      const latest = readRecords(data.record).at(-1);
      const justified =
        latest?.released &&
        latest.clearance === 'standing' &&
        latest.words.exit === 'clear' &&
        latest.words.entry === 'clear';
      if (!justified) flaws.push(`the last door opened for ${latest?.recordId} ${latest?.state}`);
    }
    wasOpen = openForward;
    return false;
  };
  void doors.waitFor(look, 2_000_000_000);
  return { flaws, openings: () => openings };
}

function countStates(states: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
