import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openStage } from './lane-stage.ts';

const MODELS = fileURLToPath(new URL('../../node_modules/faceplugin-face-recognition-js/model', import.meta.url));

test('a model file with one byte changed is refused by name; the lane serves when the right file is back', async () => {
  let folder = '';
  let original = '';
  const { lane, alarms, nextIsServed } = await openStage({
    before: (world) => {
      folder = join(world.profile.dataFolder, 'models');
      mkdirSync(folder);
      for (const name of readdirSync(MODELS)) cpSync(join(MODELS, name), join(folder, name));
      original = join(folder, 'fr_feature.onnx');
      const bytes = readFileSync(original);
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      writeFileSync(original, bytes);
      world.profile.face.modelFolder = folder;
    },
  });
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  expect(lane.supervisor('portSupervisor')?.outOfServiceReasons).toContain('modelRefused');
  expect(alarms().find((alarm) => alarm.startsWith('modelRefused'))).toMatch(/modelHashMismatch .*feature/);
  cpSync(join(MODELS, 'fr_feature.onnx'), original);
  await nextIsServed();
});

test('a record that cannot be opened keeps the lane shut, with an alarm on the screen, until it can', async () => {
  let path = '';
  const { lane, alarms, nextIsServed } = await openStage({
    before: ({ profile }) => {
      path = join(profile.dataFolder, 'record.sqlite');
      mkdirSync(path);
    },
  });
  await lane.waitFor(({ traveller }) => traveller?.step === 'outOfService');
  expect(alarms()).toContain('storeFailed');
  rmSync(path, { recursive: true });
  await nextIsServed();
});

test('a record that fails in the middle of a crossing ends with an officer and shut doors, never with a passage', async () => {
  const { lane, cross, world, alarms } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson');
  await lane.waitFor(({ traveller }) => traveller?.step === 'lookHere');
  // The disk under the open file goes bad.
  const path = join(world.profile.dataFolder, 'record.sqlite');
  for (const name of ['', '-wal', '-shm']) renameSync(`${path}${name}`, `${path}${name}.gone`);
  writeFileSync(path, 'this is no database');
  const { output } = await crossing;
  if (output.ending?.state === 'passed') return; // SQLite kept writing to the file it holds open: nothing was lost.
  expect(output).toMatchObject({ unwritten: true });
  expect(world.doors.door(3).openForward).toBe(false);
  expect(alarms()).toContain('storeFailed');
});
