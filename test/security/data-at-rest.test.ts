import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openDemoWorld } from '../../app/demo/demo-world.ts';
import { LaneChild } from './lane-child.ts';

/** Private keys in PEM and secrets in hexadecimal, as they lie in the lane's key folders. */
const KEY_FILE = /\/keys\/|\.pem$|\.hex$/;

const RECORD_FILE = /\/record\.sqlite(-wal|-shm)?$/;

async function servedLane() {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-rest-'));
  // What a careless installer's shell has: files are readable by all unless the program says otherwise.
  const before = process.umask(0o022);
  const world = await openDemoWorld({
    folder,
    topology: 'threeDoor',
    readingMs: 0,
    travelMs: 0,
    delays: { showEnd: 20 },
  });
  onTestFinished(() => {
    world.close();
    process.umask(before);
    rmSync(folder, { recursive: true, force: true });
  });
  return world;
}

test('no other user can read a key or a record of the lane, nor replace any of its files, whatever the umask', async () => {
  const world = await servedLane();
  const child = await LaneChild.start(world.profilePath);
  onTestFinished(() => child.stop());
  const { dataFolder } = world.profile;
  expect(lstatSync(dataFolder).mode & 0o077, 'the folder itself').toBe(0);
  const files = readdirSync(dataFolder, { recursive: true, encoding: 'utf8' }).map((name) => join(dataFolder, name));
  expect(files.filter((file) => KEY_FILE.test(file)).length).toBeGreaterThan(5);
  expect(files.some((file) => RECORD_FILE.test(file))).toBe(true);
  const exposed = files.filter((file) => {
    const { mode } = lstatSync(file);
    // The demonstration's own files (enrolment, controls) were seeded before the lane started: the folder guards those.
    return KEY_FILE.test(file) || RECORD_FILE.test(file) ? (mode & 0o077) !== 0 : (mode & 0o022) !== 0;
  });
  expect(exposed).toEqual([]);
});

test('no key of the lane stands in an argument or an environment variable of its process', async () => {
  const world = await servedLane();
  const child = await LaneChild.start(world.profilePath);
  onTestFinished(() => child.stop());
  const secrets = secretsBelow(world.profile.dataFolder);
  expect(secrets.length).toBeGreaterThan(5);
  for (const place of ['cmdline', 'environ']) {
    const text = readFileSync(`/proc/${child.pid}/${place}`, 'latin1');
    expect(text.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(text.includes(secret), place).toBe(false);
    expect(text).not.toMatch(/BEGIN (EC |RSA )?PRIVATE KEY|PASSWORD=|TOKEN=|SECRET=/);
  }
});

function secretsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => KEY_FILE.test(`/${name}`) && lstatSync(join(folder, name)).isFile())
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => line.length > 30 && !line.startsWith('-----')),
    );
}
