import { expect, onTestFinished, test } from 'vitest';
import { CAST } from '../../app/demo/cast.ts';
import { holderScene } from '../../app/demo/play.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import { walk } from '../../app/demo/walker.ts';
import type { RgbaFrame } from '../../models/face/image.ts';
import { openStage } from './lane-stage.ts';

/** Lumens of the simulated light at its brightest. */
const MOST_LUMENS = 250;

/** Steeper than a lamp's own curve, so that nobody is found at the least it gives. */
const share = (lumens: number): number => (lumens / MOST_LUMENS) ** 2;

/** The same people under this share of the light that they were photographed in. */
function under(light: number, frames: readonly RgbaFrame[]): readonly RgbaFrame[] {
  return frames.map((frame) => ({
    ...frame,
    data: frame.data.map((value, at) => (at % 4 === 3 ? 255 : Math.round(value * light))),
  }));
}

test('in a hall so dark that no face is found the light is raised until one is, and the traveller passes', async () => {
  const member = CAST.find(({ id }) => id === 'eriksson')!;
  const { lane, world } = await openStage({
    topology: 'twoDoor',
    accessories: { cameraLight: { startPercent: 5, mostPercent: 100 } },
  });
  const { light } = world.accessories!;
  const bright = await liveFrames(holderScene(member.person), { count: 20, width: 640, height: 480 });
  const lit: number[] = [];
  let shown = -1;
  // Nothing but the camera's own light lights whoever stands there.
  const hall = setInterval(() => {
    if (light.shining === shown) return;
    shown = light.shining;
    lit.push(shown);
    lane.stand(under(share(shown), bright));
  }, 10);
  onTestFinished(() => clearInterval(hall));
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  expect(light.shining).toBe(0);
  const before = lane.reports.length;
  const over = (): boolean => lane.reports.length > before;
  const walking = walk(world.doors, 2, 'walksOn', over);
  await world.scanner.presentDocument(member.lines);
  world.scanner.removeDocument();
  await Promise.all([lane.waitFor(over), walking]);
  expect(lane.reports[before]?.output.ending).toMatchObject({ state: 'passed' });
  // It began where no face can be found, rose step by step, and is out again with nobody there.
  const most = Math.max(...lit);
  const rise = lit.slice(
    lit.findIndex((lumens) => lumens > 0),
    lit.indexOf(most) + 1,
  );
  expect(share(rise[0]!)).toBeLessThan(0.05);
  expect(rise).toEqual([...rise].sort((a, b) => a - b));
  expect(share(most)).toBeGreaterThan(0.3);
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  await expect.poll(() => light.shining, { timeout: 5_000 }).toBe(0);
});
