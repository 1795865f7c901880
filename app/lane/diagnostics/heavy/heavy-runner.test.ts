import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_MODEL_ROOT } from '../../../../models/face/model-files.ts';
import { heavyWorker } from './heavy-runner.ts';

const frame = () => ({ width: 64, height: 64, data: new Uint8Array(64 * 64 * 4).fill(120) });

test('models, a sample and models again, each in a worker of its own, one after the other', async () => {
  const run = heavyWorker();
  const models = { task: 'models', modelRoot: DEFAULT_MODEL_ROOT } as const;
  const [first, sample, again] = await Promise.all([
    run(models),
    run({ task: 'pad', modelRoot: DEFAULT_MODEL_ROOT, frames: [frame(), frame()] }),
    run(models),
  ]);
  expect(first.outcome).toBe('passed');
  expect(sample).toMatchObject({ outcome: 'warning', code: 'noFace', facts: { frames: 2, framesWithFace: 0 } });
  expect(again).toEqual(first);
}, 60_000);

test('a file that is no database, one that is not there, and models that are not there are answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-heavy-'));
  const path = join(folder, 'record.sqlite');
  writeFileSync(path, 'this is no database at all, only some text that is long enough to be looked at');
  const run = heavyWorker();
  expect(await run({ task: 'database', path })).toMatchObject({ outcome: 'failed', code: 'databaseUnreadable' });
  expect(await run({ task: 'journal', path })).toMatchObject({ outcome: 'failed', code: 'journalBroken' });
  expect(await run({ task: 'database', path: join(folder, 'none') })).toMatchObject({ code: 'fileMissing' });
  expect(existsSync(join(folder, 'none'))).toBe(false);
  expect(await run({ task: 'models', modelRoot: folder })).toMatchObject({ outcome: 'failed', code: 'modelMissing' });
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test('a task that hangs is given up with its code; the next one is done', async () => {
  const run = heavyWorker(1);
  expect(await run({ task: 'models', modelRoot: DEFAULT_MODEL_ROOT })).toMatchObject({ code: 'checkTimedOut' });
  expect(await heavyWorker()({ task: 'database', path: '/nowhere' })).toMatchObject({ code: 'fileMissing' });
}, 60_000);
