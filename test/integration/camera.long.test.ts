import { expect, test } from 'vitest';
import { liveFaceOf } from '../../app/demo/scenes.ts';
import { openStage } from './lane-stage.ts';

const QUICK = { faceTimeout: 6_000, cameraSilence: 700, cameraProbe: 300 };

test.each([['denied'], ['absent'], ['failed']] as const)(
  'a camera that is %s: officer, alarm, out of service until it gives pictures again',
  async (state) => {
    const { lane, cross, alarms, nextIsServed, stage } = await openStage({ delays: QUICK });
    await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
    lane.play(false);
    const crossing = cross('stevenson', { gait: 'walksOn' });
    await lane.waitFor(({ traveller }) => traveller?.camera === 'watch');
    lane.opened.lane.receive({ type: 'traveller', action: { type: 'cameraState', state } });
    expect((await crossing).output.ending).toMatchObject({ state: 'referred', code: 'cameraFailed' });
    await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
    expect(alarms()).toContain('cameraFailed');
    await stage.resolveAll('handedToManualLane');
    lane.play(true);
    await nextIsServed();
  },
);

test('a camera that gives no frame at all is noticed by its silence', async () => {
  const { lane, cross } = await openStage({ delays: QUICK });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  lane.play(false);
  expect((await cross('stevenson')).output.ending).toMatchObject({ state: 'referred', code: 'cameraFailed' });
});

test('a frozen picture, two people and an empty place never match, and the next traveller is served', async () => {
  const { lane, cross, alarms, nextIsServed } = await openStage({ delays: { faceTimeout: 15_000 } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const face = liveFaceOf('p03');
  const frozen = await cross('stevenson', { scene: { kind: 'frozen', face } });
  expect(frozen.output.ending).toMatchObject({ state: 'referred', code: 'frozenVideo' });
  expect(alarms()).toContain('frozenVideo');
  await nextIsServed();
  const two = await cross('stevenson', { scene: { kind: 'twoPeople', left: liveFaceOf('p02'), right: face } });
  expect(two.output.ending).toMatchObject({ state: 'referred', code: 'severalFaces' });
  await nextIsServed();
  const nobody = await cross('stevenson', { scene: { kind: 'nobody' } });
  expect(nobody.output.ending).toMatchObject({ state: 'referred', code: 'noFace' });
  await nextIsServed();
}, 60_000);
