import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
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

test('a record that cannot be written in the middle of a crossing: an officer, shut doors, never a passage; then service again', async () => {
  const { lane, cross, world, alarms, nextIsServed, openAgain } = await openStage();
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const crossing = cross('stevenson');
  await lane.waitFor(({ traveller }) => traveller?.step === 'walkIn' || traveller?.step === 'lookHere');
  // Another process holds the file and does not let go.
  const holder = new Database(join(world.profile.dataFolder, 'record.sqlite'));
  holder.exec('BEGIN EXCLUSIVE');
  await lane.waitFor(({ traveller }) => traveller?.step === 'seeOfficer');
  expect(lane.supervisor('portSupervisor')?.outOfServiceReasons).toContain('storeFailed');
  expect(alarms()).toContain('storeFailed');
  expect(world.doors.door(3).openForward).toBe(false);
  holder.exec('ROLLBACK');
  holder.close();
  expect((await crossing).output.ending?.state).not.toBe('passed');
  // Whoever stood in the lane has been looked after: an officer says so.
  openAgain();
  await nextIsServed();
});
