import { expect, test } from 'vitest';
import { openStage } from './lane-stage.ts';

const padOf = (checks: readonly { readonly id: string }[]) => checks.find(({ id }) => id === 'presentationAttack');

test('a required depth camera has its say in every crossing, and without it the lane is out of service', async () => {
  const { lane, cross, world, alarms, stage } = await openStage({
    accessories: { faceCamera: { verdict: 'required' } },
  });
  const { faceCamera } = world.accessories!;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const passed = await cross('stevenson');
  expect(passed.output.ending).toMatchObject({ state: 'passed' });
  expect(padOf(passed.checks)).toMatchObject({ outcome: 'passed', reason: 'depthCameraLive' });
  // Our own models see a face; the depth camera sees that it is flat.
  faceCamera.present('photo');
  const spoof = await cross('stevenson');
  expect(spoof.output.ending).toMatchObject({ state: 'referred', owner: 'exit', code: 'spoofSuspected' });
  expect(padOf(spoof.checks)).toMatchObject({ outcome: 'failed', reason: 'depthCameraSpoof' });
  await stage.resolveAll('handedToManualLane');
  faceCamera.leave();
  faceCamera.unplug();
  await lane.waitFor(() => lane.supervisor('exitOfficer')?.outOfServiceReasons.includes('faceCameraLost') === true);
  expect(alarms().some((alarm) => alarm.startsWith('deviceLost faceCamera'))).toBe(true);
  faceCamera.replug();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
});

test('somebody who stands too far off for it is asked to come closer, and passes when they do', async () => {
  const { lane, cross, world } = await openStage({
    topology: 'twoDoor',
    accessories: { faceCamera: { verdict: 'required' } },
  });
  const { faceCamera } = world.accessories!;
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  faceCamera.present('person', 'tooFar');
  const asked = lane
    .waitFor(({ traveller }) => traveller?.hint === 'comeCloser')
    .then(() => faceCamera.moveTo('centred'));
  const { output } = await cross('stevenson');
  await asked;
  expect(output.ending).toMatchObject({ state: 'passed' });
});
