import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Side, Topology } from '../../app/contract/crossing.ts';
import { unwrap } from '../../app/contract/result.ts';
import { type DemoWorld, openDemoWorld } from '../../app/demo/demo-world.ts';
import { seedLane } from '../../app/demo/seed-lane.ts';
import { type LaneProfile, readLaneProfile } from '../../app/lane/lane-profile.ts';

export interface ReversibleWorld {
  readonly world: DemoWorld;
  /** CHN to MAC, as the lane was installed, and MAC to CHN. */
  readonly there: LaneProfile;
  readonly back: LaneProfile;
}

/** A demonstration lane that is fitted for both directions: the other authority's officers, controls and rules stand ready, too. */
export async function openReversibleWorld(
  topology: Topology,
  delays: Readonly<Record<string, number>> = {},
): Promise<ReversibleWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-reversal-'));
  const world = await openDemoWorld({
    folder,
    topology,
    readingMs: 0,
    travelMs: 0,
    delays: { showEnd: 50, ...delays },
  });
  onTestFinished(() => {
    world.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const first = JSON.parse(readFileSync(world.profilePath, 'utf8'));
  // The other authority's rules for leaving, and this one's for entering.
  const rules = (side: Side, authority: string): string => {
    const path = join(folder, `${side}-back.json`);
    const text = readFileSync(first.controls[side].rules, 'utf8');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(text), authority }));
    return path;
  };
  const { laneController } = first.devices;
  const other = {
    ...first,
    direction: { from: 'MAC', to: 'CHN' },
    dataFolder: join(folder, 'data-back'),
    devices: {
      ...first.devices,
      laneController: { ...laneController, units: laneController.units.toReversed(), turned: true },
    },
    controls: {
      exit: { kind: 'embedded', rules: rules('exit', 'MAC') },
      entry: { kind: 'embedded', rules: rules('entry', 'CHN') },
    },
    reversed: world.profilePath,
  };
  const otherPath = join(folder, 'lane-back.json');
  writeFileSync(otherPath, JSON.stringify(other));
  writeFileSync(world.profilePath, JSON.stringify({ ...first, reversed: otherPath }));
  const [there, back] = [unwrap(readLaneProfile(world.profilePath)), unwrap(readLaneProfile(otherPath))];
  await seedLane(back);
  return { world, there, back };
}
