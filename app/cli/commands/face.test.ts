import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { activeModel, readManifest } from '../../../models/manifest.ts';
import { unwrap } from '../../contract/result.ts';
import { cutPortrait, liveFrames } from '../../demo/specimens/specimens.ts';
import { spawnCli } from '../spawn-cli.ts';

const THRESHOLD = activeModel(unwrap(await readManifest()), 'recogniser').threshold;

let folder: string;
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jointgate-face-'));
  for (const id of ['p01-portrait', 'p03', 'p05']) await writeFile(file(`${id}.jpg`), await cutPortrait(id));
  const [live] = await liveFrames({ kind: 'person', face: 'p01-live' }, { count: 1, width: 640, height: 480 });
  await sharp(live!.data, { raw: { width: 640, height: 480, channels: 4 } })
    .png()
    .toFile(file('p01-live.png'));
  await writeFile(
    file('wall.png'),
    await sharp({ create: { width: 300, height: 300, channels: 3, background: '#888' } })
      .png()
      .toBuffer(),
  );
  await writeFile(file('text.jpg'), 'no photograph');
}, 30_000);
afterAll(() => rm(folder, { recursive: true }));

test('two photographs of one person match, with what the threshold stands for', async () => {
  const run = await spawnCli(['face', 'compare', '--json', file('p01-portrait.jpg'), file('p01-live.png')]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const answer = JSON.parse(run.stdout);
  expect(answer).toMatchObject({
    decision: 'match',
    threshold: THRESHOLD,
    a: { faces: 1, problems: [] },
    b: { error: null },
  });
  expect(answer.similarity).toBeGreaterThan(THRESHOLD);
  expect(answer.fmr.value).toBeLessThan(1e-3);
  expect(answer.b.liveness).toBeGreaterThan(0.2);
});

test('two people do not match: exit 1, in text as well', async () => {
  const run = await spawnCli(['face', 'compare', 'p03.jpg', 'p05.jpg'], { cwd: folder });
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(new RegExp(`^noMatch: similarity -?0\\.\\d+, threshold ${THRESHOLD}\n`));
});

test.each([
  ['wall.png', 'noFace'],
  ['text.jpg', 'imageUnsupported'],
])('%s can’t be compared: exit 1 and %s', async (name, code) => {
  const run = await spawnCli(['face', 'compare', '--json', file(name), file('p03.jpg')]);
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({ decision: 'notCompared', similarity: null, a: { error: code } });
});

test('a file that is not there, a folder that is not there and a bad pairs file are wrong usage', async () => {
  await writeFile(file('bad.csv'), 'file_a,file_b\nx,y\n');
  for (const args of [
    ['compare', file('none.jpg'), file('p03.jpg')],
    ['pairs', file('bad.csv'), '--root', folder],
    ['pairs', file('bad.csv'), '--root', file('none')],
    ['pairs', file('bad.csv')],
    ['calibrate', file('bad.csv'), '--root', folder, '--fmr', '7'],
  ]) {
    expect(await spawnCli(['face', ...args])).toMatchObject({ code: 2, stdout: '' });
  }
});

test('models that are not there are a fault, by name', async () => {
  const run = await spawnCli(['face', 'compare', '--models', folder, file('p03.jpg'), file('p05.jpg')]);
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toContain('modelMissing: ultraface-rfb-320');
});

test('pairs: a line each, in order, and a summary that counts what could not be acquired', async () => {
  const rows = ['p01-portrait.jpg,p01-live.png,1', 'p03.jpg,p05.jpg,0', 'p03.jpg,p01-live.png,0', 'wall.png,p03.jpg,0'];
  await writeFile(file('pairs.csv'), `file_a,file_b,same\n${rows.join('\n')}\n`);
  const run = await spawnCli(['face', 'pairs', 'pairs.csv', '--root', '.'], { cwd: folder });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const lines = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(5);
  expect(lines[0]).toMatchObject({ a: 'p01-portrait.jpg', same: true, decision: 'match' });
  expect(lines[3]).toMatchObject({ decision: 'notCompared', errors: { a: 'noFace', b: null } });
  expect(lines[4]).toMatchObject({
    summary: true,
    pairs: 4,
    same: 1,
    different: 2,
    auc: 1,
    eer: 0,
    fnmrAtFmr: { '1e-2': { fnmr: 0 } },
    failuresToAcquire: { images: 1, of: 5, files: [{ file: 'wall.png', code: 'noFace' }] },
  });
  expect(lines[4].ms.median).toBeGreaterThan(0);
});

test('calibrate says that pairs are too few instead of inventing a threshold', async () => {
  await writeFile(file('few.csv'), 'file_a,file_b,same\np03.jpg,p05.jpg,0\n');
  const run = await spawnCli(['face', 'calibrate', file('few.csv'), '--root', folder]);
  expect(run.code).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({ threshold: null });
});
