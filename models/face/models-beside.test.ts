import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import { goldenImage } from '../golden/golden-vectors.ts';
import { activeModel, type ModelManifest, readManifest } from '../manifest.ts';
import type { RgbaFrame } from './image.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';
import { openModel } from './model-session.ts';
import { openBeside } from './models-beside.ts';
import { newGuardCells } from './native-guard.ts';
import { analyse, clearPipeline, closePipeline, type FacePipeline, openPipeline } from './pipeline.ts';

let manifest: ModelManifest;
let frames: readonly RgbaFrame[];
const pipelines: FacePipeline[] = [];
beforeAll(async () => {
  manifest = unwrap(await readManifest());
  frames = await liveFrames({ kind: 'person', face: 'p02' }, { count: 3, width: 640, height: 480 });
}, 30_000);
afterEach(async () => {
  for (const pipeline of pipelines.splice(0)) await closePipeline(pipeline);
});

async function open(beside: boolean): Promise<FacePipeline> {
  const options = { manifest, modelRoot: DEFAULT_MODEL_ROOT, threads: 1 };
  const pipeline = unwrap(await openPipeline(beside ? { ...options, beside: newGuardCells() } : options));
  pipelines.push(pipeline);
  return pipeline;
}

test('every figure of a frame is the same to the last bit, whichever thread its models ran on', async () => {
  const [alone, beside] = [await open(false), await open(true)];
  for (const frame of frames) {
    for (const mirrored of [false, true]) {
      const wish = { liveness: true, template: 'always', mirrored } as const;
      const [one, other] = [await analyse(alone, frame, wish), await analyse(beside, frame, wish)];
      expect(other.main?.liveness).toBeGreaterThan(0);
      expect({ ...other, timings: null }).toEqual({ ...one, timings: null });
    }
  }
  const inputs = [...Object.values(beside.sessions), beside.mirrorRecogniser].map(({ input }) => input);
  expect(inputs.every((input) => input.some((value) => value !== 0))).toBe(true);
  clearPipeline(beside);
  expect(inputs.every((input) => input.every((value) => value === 0))).toBe(true);
});

test('two models run at the same time without getting into each other’s answers', async () => {
  const models = [activeModel(manifest, 'pose'), activeModel(manifest, 'presentationAttack')] as const;
  const [pose, pad] = unwrap(await openBeside(models, DEFAULT_MODEL_ROOT, 1, newGuardCells()));
  const here = unwrap(await openModel(models[1], DEFAULT_MODEL_ROOT, 1));
  const image = goldenImage(128, 128);
  const expected = (await here.run(image))[models[1].output];
  const answers = await Promise.all([pose.run(goldenImage(224, 224)), pad.run(image)]);
  expect(answers[1][models[1].output]).toEqual(expected);
  expect(Object.keys(answers[0]).sort()).toEqual(Object.values(models[0].output).sort());
  pad.clear();
  expect(pad.input.every((value) => value === 0)).toBe(true);
  await here.release();
  await Promise.all([pose.release(), pad.release()]);
});

test('what keeps a model from opening there is told as it is here', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'jointgate-beside-'));
  try {
    await cp(join(DEFAULT_MODEL_ROOT, 'faceplugin-face-recognition-js/model'), folder, { recursive: true });
    await writeFile(join(folder, 'fr_liveness.onnx'), 'changed');
    const opened = await openPipeline({ manifest, modelRoot: folder, threads: 1, beside: newGuardCells() });
    expect(opened).toEqual({ ok: false, error: { code: 'modelHashMismatch', model: 'faceplugin-pad-3' } });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['ends', 'process.exit(3)', 'ended with 3'],
  ['throws', "throw new Error('broken')", 'broken'],
])('a second thread that %s takes the first with it, so that both are started anew', async (_name, does, words) => {
  const thread = `data:text/javascript,${encodeURIComponent(`
    import { parentPort as port } from 'node:worker_threads';
    port.on('message', () => { ${does}; });
    port.postMessage({ type: 'started', result: { ok: true } });
  `)}`;
  const first = `
    import { openBeside } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'models-beside.ts')).href)};
    import { newGuardCells } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'native-guard.ts')).href)};
    const model = { input: { width: 8, height: 8, layout: { order: 'grey', mean: [0], scale: [1] } } };
    const opened = await openBeside([model], '', 1, newGuardCells(), new URL(${JSON.stringify(thread)}));
    await opened.value[0].run({ width: 8, height: 8, data: new Float32Array(192) });
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(first)}`));
  const [error] = (await once(worker, 'error')) as [Error];
  expect(error.message).toContain(words);
});
