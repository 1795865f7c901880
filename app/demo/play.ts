import type { RgbaFrame } from '../../models/face/image.ts';
import type { ChipInField } from '../../native-bridge/simulators/pn532-model.ts';
import type { Topology } from '../contract/crossing.ts';
import type { SupervisorView, Viewer } from '../contract/supervisor-view.ts';
import type { CrossingReport } from '../lane/crossing-run.ts';
import { type DemoWorld, openDemoWorld } from './demo-world.ts';
import { HeadlessLane } from './headless-lane.ts';
import type { Scenario } from './scenarios.ts';
import { liveFaceOf } from './scenes.ts';
import { liveFrames, type Scene } from './specimens/specimens.ts';
import { type Gait, walk } from './walker.ts';

const FRAME_WISH = { count: 30, width: 640, height: 480 };
/** A camera of 30 frames a second; the lane takes what its models can. */
const FRAME_EVERY_MS = 33;
const OFFICER = 'DEMO1';

export interface PlayOptions {
  readonly folder: string;
  readonly topology: Topology;
  readonly scenario: Scenario;
  readonly crossings: number;
  readonly frameEveryMs?: number;
  readonly onCrossing: (played: PlayedCrossing) => void;
}

export interface PlayedCrossing {
  readonly number: number;
  readonly scenario: string;
  readonly recordId: string;
  readonly outcome: string;
  /** Referral, abandon or void code, or the side that refused. */
  readonly code: string | null;
  readonly place: string;
  readonly asExpected: boolean;
  /** Milliseconds from the document's lines to each step. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** Plays a scenario on a whole lane: simulators on pseudo-terminals, real models, both controls, the record. */
export async function play(options: PlayOptions): Promise<readonly PlayedCrossing[]> {
  const { folder, topology, scenario, crossings } = options;
  const world = await openDemoWorld({
    folder,
    topology,
    readingMs: 0,
    travelMs: 0,
    delays: { showEnd: 50, ...scenario.delays },
    chipReader: scenario.chip,
  });
  const replaced = scenario.entryControl;
  const lane = await HeadlessLane.open(world.profile, options.frameEveryMs ?? FRAME_EVERY_MS, {
    ...(replaced === null
      ? {}
      : { replaceControl: (side, control) => (side === 'entry' ? replaced(control) : control) }),
  });
  const stage = new Stage(world, lane, topology === 'threeDoor' ? 3 : 2);
  try {
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    const played: PlayedCrossing[] = [];
    for (let number = 1; number <= crossings; number += 1) {
      const member = scenario.member(number - 1);
      if (scenario.presentedBefore && number === 1)
        await stage.cross(member.lines, holderScene(member.person), 'staysOutside', 'handedToManualLane');
      const report = await stage.cross(
        member.lines,
        scenario.scene ?? holderScene(member.person),
        scenario.gait,
        scenario.officer,
        scenario.chip ? await world.chipOffice.chipOf(member) : null,
      );
      const crossing = playedCrossing(number, scenario, report);
      played.push(crossing);
      options.onCrossing(crossing);
      if (!scenario.presentedBefore) await stage.resolveAll('handedToManualLane');
    }
    return played;
  } finally {
    await lane.close();
    world.close();
  }
}

export function holderScene(person: string): Scene {
  return { kind: 'person', face: liveFaceOf(person) };
}

interface Waiting {
  readonly viewer: Viewer;
  readonly referral: SupervisorView['referrals'][number];
}

/** Everybody around one lane in a story: travellers, and the officer who looks after those who are held. */
export class Stage {
  readonly #world: DemoWorld;
  readonly #lane: HeadlessLane;
  readonly #doorCount: number;
  readonly #frames = new Map<string, readonly RgbaFrame[]>();

  constructor(world: DemoWorld, lane: HeadlessLane, doorCount: number) {
    this.#world = world;
    this.#lane = lane;
    this.#doorCount = doorCount;
  }

  /** One traveller from the document on the glass to an empty lane. */
  async cross(
    lines: readonly string[],
    scene: Scene,
    gait: Gait,
    officer: Scenario['officer'],
    chip: ChipInField | null = null,
  ): Promise<CrossingReport> {
    const lane = this.#lane;
    const before = lane.reports.length;
    const over = (): boolean => lane.reports.length > before;
    lane.stand(await this.#framesOf(scene));
    const leaveDepth = this.#standBeforeDepth(scene);
    const walking = walk(this.#world.doors, this.#doorCount, gait, over);
    const looking = this.#lookAfter(over, officer);
    // One document, on scanner and chip reader at once; its holder takes it along when the first door opens.
    if (chip !== null) this.#world.chipReader?.presentChip(chip);
    await this.#world.scanner.presentDocument(lines);
    this.#world.scanner.removeDocument();
    const taking = chip === null ? Promise.resolve() : this.#takeDocument(over);
    await Promise.all([lane.waitFor(over), walking, looking, taking]);
    leaveDepth();
    // Whoever an officer led out by the staff door stands between the doors no more.
    this.#world.doors.clearPeople();
    const report = lane.reports[before];
    if (report === undefined) throw new Error('a crossing ended without a report');
    return report;
  }

  /** The depth camera sees the same scene, unless something stands before it already. */
  #standBeforeDepth(scene: Scene): () => void {
    const camera = this.#world.accessories?.faceCamera;
    if (camera === undefined || camera.sight !== 'nobody' || scene.kind === 'nobody') return () => undefined;
    camera.present(scene.kind === 'printedPhoto' ? 'photo' : 'person');
    return () => camera.leave();
  }

  /** The owning side's officer resolves every referral that is left. */
  async resolveAll(action: Scenario['officer']): Promise<void> {
    for (;;) {
      const waiting = this.#waiting();
      if (waiting === null) return;
      this.#act(waiting, action);
      await this.#lane.waitFor(() => this.#waiting()?.referral.recordId !== waiting.referral.recordId);
    }
  }

  async #takeDocument(over: () => boolean): Promise<void> {
    // Where the controls wait for the chip, the reader keeps the document so long.
    const kept = this.#world.profile.chip.awaitedAt === 'controls' ? ['walkIn', 'lookHere', 'pleaseWait'] : [];
    const lies = ['attract', 'readingDocument', ...kept];
    await this.#lane.waitFor(({ traveller }) => over() || !lies.includes(traveller?.step ?? 'attract'));
    if (this.#world.chipReader?.chipPresent) this.#world.chipReader.removeChip();
  }

  async #lookAfter(over: () => boolean, action: Scenario['officer']): Promise<void> {
    const held = (): Waiting | null => {
      const waiting = this.#waiting();
      // Whoever is on the way out needs nobody.
      const leaving = waiting?.referral.walkingBack === true || this.#world.doors.door(1).openBackward;
      return waiting !== null && waiting.referral.place !== 'outside' && !leaving ? waiting : null;
    };
    while (!over()) {
      await this.#lane.waitFor(() => over() || held() !== null);
      const waiting = held();
      if (waiting === null || over()) continue;
      this.#act(waiting, action);
      // Whoever walks on instead of back is looked after again where they stand now.
      const { place } = waiting.referral;
      await this.#lane.waitFor(() => over() || held()?.referral.place !== place);
    }
  }

  /** The oldest referral, seen by a viewer who may act on it. */
  #waiting(): Waiting | null {
    for (const viewer of ['exitOfficer', 'entryOfficer'] as const) {
      const referral = this.#lane.supervisor(viewer)?.referrals.find(({ actions }) => actions.length > 0);
      if (referral !== undefined) return { viewer, referral };
    }
    return null;
  }

  #act({ viewer, referral }: Waiting, action: Scenario['officer']): void {
    this.#lane.opened.lane.receive({
      type: 'supervisor',
      viewer,
      officer: OFFICER,
      action: {
        type: 'resolveReferral',
        recordId: referral.recordId,
        action: referral.actions.includes(action) ? action : 'handedToManualLane',
        reasonCode: 'checkedInPerson',
      },
    });
  }

  async #framesOf(scene: Scene): Promise<readonly RgbaFrame[]> {
    const key = JSON.stringify(scene);
    const frames = this.#frames.get(key) ?? (await liveFrames(scene, FRAME_WISH));
    this.#frames.set(key, frames);
    return frames;
  }
}

/** What a report means for a scenario. */
export function playedCrossing(
  number: number,
  scenario: Scenario,
  { recordId, output, marks }: CrossingReport,
): PlayedCrossing {
  const { ending, place, unrecorded } = output;
  const outcome = unrecorded ? 'unrecorded' : (ending?.state ?? 'unrecorded');
  const code = ending === null ? null : 'code' in ending ? ending.code : 'owner' in ending ? ending.owner : null;
  return {
    number,
    scenario: scenario.name,
    recordId,
    outcome,
    code,
    place,
    asExpected: outcome === scenario.expected && code === scenario.code,
    milliseconds: Object.fromEntries(marks.map(({ step, atMs }) => [step, Math.round(atMs * 10) / 10])),
  };
}
