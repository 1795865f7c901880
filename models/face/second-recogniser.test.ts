import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait } from '../../app/demo/specimens/portrait.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import builtIn from '../manifest.json' with { type: 'json' };
import { activeModel, parseManifest } from '../manifest.ts';
import { capturePolicy } from './capture-policy.ts';
import { cosine } from './embed.ts';
import { FaceEngine } from './face-engine.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { readPhotograph } from './photograph.ts';
import { closePipeline, openPipeline } from './pipeline.ts';
import { tinyRecogniser } from './tiny-recogniser.fixture.ts';

// Another recogniser comes by manifest alone: names, layout, length and thresholds of its own, and not a line of code.
const SECOND = 'tiny-means-768';
const THRESHOLD = 0.72;
let folder: string;
let manifestPath: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jointgate-second-'));
  const bytes = tinyRecogniser('data', 'fc1');
  await cp(join(DEFAULT_MODEL_ROOT, 'faceplugin-face-recognition-js/model'), folder, { recursive: true });
  await writeFile(join(folder, 'tiny.onnx'), bytes);
  const entry = {
    id: SECOND,
    role: 'recogniser',
    source: { package: 'none', version: '1', file: 'tiny.onnx', licence: 'Apache-2.0', origin: 'Made by this test.' },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input: {
      name: 'data',
      width: 112,
      height: 112,
      layout: { order: 'bgr', mean: [127.5, 127.5, 127.5], scale: [127.5, 127.5, 127.5] },
    },
    output: 'fc1',
    dimensions: 768,
    minTemplateNorm: 0,
    threshold: THRESHOLD,
    thresholdReason: 'Of this test.',
    operatingPoints: [{ threshold: THRESHOLD, fmr: 0.01, fmrUpper95: 0.02, fnmr: 0.3, measuredOn: 'nothing at all' }],
  };
  const manifest = {
    ...builtIn,
    models: [...builtIn.models, entry],
    active: { ...builtIn.active, recogniser: SECOND },
  };
  manifestPath = join(folder, 'manifest.json');
  await writeFile(manifestPath, JSON.stringify(manifest));
});
afterAll(() => rm(folder, { recursive: true }));

async function template(recogniser: string) {
  const manifest = unwrap(
    parseManifest(
      JSON.stringify({ ...builtIn, models: (await theirs()).models, active: { ...builtIn.active, recogniser } }),
    ),
  );
  const pipeline = unwrap(await openPipeline({ manifest, modelRoot: folder, threads: 1 }));
  const read = unwrap(await readPhotograph(pipeline, await cutPortrait('p03'), { liveness: false }));
  await closePipeline(pipeline);
  return { embedding: read.embedding, model: activeModel(manifest, 'recogniser') };
}
const theirs = async () => JSON.parse(await readFile(manifestPath, 'utf8')) as typeof builtIn;

test('templates come from the second file, in its length, and do not compare with the first', async () => {
  const second = await template(SECOND);
  expect(second.embedding).toHaveLength(768);
  expect(second.model.threshold).toBe(THRESHOLD);
  const first = await template('faceplugin-feature-512');
  expect(first.embedding).toHaveLength(512);
  expect(() => cosine(first.embedding, second.embedding)).toThrow('two models');
});

test('the engine and the capture policy go by the second one: its model, its threshold', async () => {
  const engine = unwrap(await FaceEngine.start({ manifestPath, modelRoot: folder }));
  try {
    expect(capturePolicy(engine.manifest).matchThreshold).toBe(THRESHOLD);
    unwrap(await engine.setReference('c1', await cutPortrait('p03')));
    const [own] = await liveFrames({ kind: 'person', face: 'p03' }, { count: 1, width: 640, height: 480 });
    const [other] = await liveFrames({ kind: 'person', face: 'p05' }, { count: 1, width: 640, height: 480 });
    const same = unwrap(await engine.assess('c1', own!)).similarity!;
    const different = unwrap(await engine.assess('c1', other!)).similarity!;
    // The same photograph relit has much the same means; somebody else's has not.
    expect(same).toBeGreaterThan(THRESHOLD);
    expect(different).toBeLessThan(same);
  } finally {
    await engine.close();
  }
});

test('one changed byte of the second file is refused by its name', async () => {
  const bytes = tinyRecogniser('data', 'fc1');
  bytes[bytes.length - 1]! ^= 1;
  const elsewhere = await mkdtemp(join(tmpdir(), 'jointgate-second-'));
  try {
    await cp(folder, elsewhere, { recursive: true });
    await writeFile(join(elsewhere, 'tiny.onnx'), bytes);
    const started = await FaceEngine.start({ manifestPath, modelRoot: elsewhere });
    expect(started).toEqual({ ok: false, error: { code: 'modelHashMismatch', model: SECOND } });
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});
