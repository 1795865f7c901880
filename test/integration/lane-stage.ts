import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Topology } from '../../app/contract/crossing.ts';
import { castMember } from '../../app/demo/cast.ts';
import { type DemoWorld, openDemoWorld } from '../../app/demo/demo-world.ts';
import { HeadlessLane } from '../../app/demo/headless-lane.ts';
import { holderScene, Stage } from '../../app/demo/play.ts';
import type { Scene } from '../../app/demo/specimens/specimens.ts';
import type { Gait } from '../../app/demo/walker.ts';
import type { CrossingReport } from '../../app/lane/crossing-run.ts';
import type { OpenLaneOptions } from '../../app/lane/open-lane.ts';

export interface LaneStage {
  readonly world: DemoWorld;
  readonly lane: HeadlessLane;
  readonly stage: Stage;
  readonly folder: string;
  /** A member of the cast comes with the own document and face, unless told otherwise. */
  cross(
    id: string,
    other?: { readonly scene?: Scene; readonly gait?: Gait; readonly officer?: 'sentBack' | 'handedToManualLane' },
  ): Promise<CrossingReport>;
  /** The next traveller is served: both clear and the last door is passed. */
  nextIsServed(): Promise<void>;
  alarms(): readonly string[];
  /** An officer puts the lane into service, after a look at whoever stood in it. */
  openAgain(): void;
}

export interface StageOptions {
  readonly topology?: Topology;
  readonly delays?: Readonly<Record<string, number>>;
  /** A chip reader is fitted, used as said here; every document of the cast that has a chip lies on it. */
  readonly chip?: Readonly<Record<string, unknown>>;
  /** What else is fitted: see `DemoWorldOptions`. */
  readonly accessories?: Parameters<typeof openDemoWorld>[0]['accessories'];
  readonly network?: Parameters<typeof openDemoWorld>[0]['network'];
  readonly extra?: Partial<OpenLaneOptions>;
  /** Called after the world is set up and before the lane opens. */
  readonly before?: (world: DemoWorld) => void | Promise<void>;
  /** Called when the lane is closed. */
  readonly onEnd?: () => Promise<void>;
}

/** A whole lane over real pseudo-terminals, real models and real stores, closed when the test ends. */
export async function openStage({
  topology = 'threeDoor',
  delays = {},
  chip,
  network = {},
  accessories = {},
  extra = {},
  before,
  onEnd,
}: StageOptions = {}): Promise<LaneStage> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-stage-'));
  const world = await openDemoWorld({
    folder,
    topology,
    readingMs: 0,
    travelMs: 0,
    delays: { showEnd: 50, ...delays },
    network,
    accessories,
    ...(chip === undefined ? {} : { chipReader: true, chip }),
  });
  await before?.(world);
  const lane = await HeadlessLane.open(world.profile, 33, {
    ...extra,
    ...(world.accessories === null ? {} : { fitting: { openHid: world.accessories.openHid, ...extra.fitting } }),
  });
  onTestFinished(async () => {
    await lane.close();
    await onEnd?.();
    world.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const stage = new Stage(world, lane, topology === 'threeDoor' ? 3 : 2);
  const cross: LaneStage['cross'] = async (id, { scene, gait = 'walksOn', officer = 'handedToManualLane' } = {}) => {
    const member = castMember(id);
    const onReader = chip === undefined ? null : await world.chipOffice.chipOf(member);
    return stage.cross(member.lines, scene ?? holderScene(member.person), gait, officer, onReader);
  };
  return {
    world,
    lane,
    stage,
    folder,
    cross,
    nextIsServed: async () => {
      await stage.resolveAll('handedToManualLane');
      await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
      const { output } = await cross('stevenson');
      if (output.ending?.state !== 'passed')
        throw new Error(`the next traveller was not served: ${JSON.stringify(output)}`);
    },
    openAgain: () =>
      lane.opened.lane.receive({
        type: 'supervisor',
        viewer: 'exitOfficer',
        officer: 'TEST1',
        action: { type: 'setService', inService: true },
      }),
    alarms: () =>
      (lane.supervisor('exitOfficer')?.alarms ?? []).map(({ event, detail }) =>
        detail === null ? event : `${event} ${detail}`,
      ),
  };
}

/** No door lets anybody through. */
export function allDoorsShut({ doors, profile }: DemoWorld): boolean {
  const numbers = profile.topology === 'threeDoor' ? [1, 2, 3] : [1, 2];
  return numbers.every((number) => !doors.door(number).openForward && !doors.door(number).openBackward);
}
