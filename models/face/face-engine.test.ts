import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { cutPortrait } from '../../app/demo/specimens/portrait.ts';
import { liveFrames } from '../../app/demo/specimens/specimens.ts';
import manifest from '../manifest.json' with { type: 'json' };
import { beginCapture, stepCapture } from './capture.ts';
import { capturePolicy } from './capture-policy.ts';
import { FaceEngine, type FaceEngineOptions } from './face-engine.ts';
import type { RgbaFrame } from './image.ts';
import { DEFAULT_MODEL_ROOT } from './model-files.ts';

const engines: FaceEngine[] = [];
async function start(options: FaceEngineOptions = {}): Promise<FaceEngine> {
  const engine = unwrap(await FaceEngine.start(options));
  engines.push(engine);
  return engine;
}
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});

const VGA = { width: 640, height: 480 };
const copy = (frame: RgbaFrame): RgbaFrame => ({ ...frame, data: Uint8Array.from(frame.data) });
let portrait: Uint8Array;
let live: RgbaFrame[];
let other: RgbaFrame[];
beforeAll(async () => {
  portrait = await cutPortrait('p01-portrait');
  live = await liveFrames({ kind: 'person', face: 'p01-live' }, { count: 10, ...VGA });
  other = await liveFrames({ kind: 'person', face: 'p04' }, { count: 2, ...VGA });
}, 30_000);

describe('FaceEngine with the real models', () => {
  test('a traveller matches her enrolled portrait of another day; somebody else does not', async () => {
    const engine = await start();
    const reference = unwrap(await engine.setReference('c1', portrait));
    expect(reference.quality.problems).toEqual([]);
    const policy = capturePolicy(engine.manifest);
    const own = unwrap(await engine.assess('c1', copy(live[0]!)));
    expect(own).toMatchObject({ faces: 1, hint: null, continuity: null });
    expect(own.similarity).toBeGreaterThan(policy.matchThreshold);
    const stranger = unwrap(await engine.assess('c1', copy(other[0]!)));
    expect(stranger.similarity).toBeLessThan(policy.matchThreshold);
    expect(stranger.continuity).toBeLessThan(policy.continuityThreshold);
  });

  test('the whole capture decides in favour of the traveller', async () => {
    const engine = await start();
    unwrap(await engine.setReference('c1', portrait));
    let state = beginCapture(0);
    for (const frame of live) {
      const sample = unwrap(await engine.assess('c1', copy(frame)));
      state = stepCapture(
        state,
        { type: 'assessment', sample, atMs: frame.capturedAtMs },
        capturePolicy(engine.manifest),
      );
    }
    expect(state.decision?.outcome).toBe('matched');
  });

  test('frames move to the worker: the caller’s pixels are gone', async () => {
    const engine = await start();
    unwrap(await engine.setReference('c1', portrait));
    const frame = copy(live[0]!);
    const answer = engine.assess('c1', frame);
    expect(frame.data.byteLength).toBe(0);
    unwrap(await answer);
  });

  test('the same frame has the same digest, another frame another', async () => {
    const engine = await start();
    unwrap(await engine.setReference('c1', portrait));
    const digests: string[] = [];
    for (const frame of [live[0]!, live[0]!, live[1]!])
      digests.push(unwrap(await engine.assess('c1', copy(frame))).digest);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  test.each([
    ['nobody', { kind: 'nobody' }, 0, 'lookHere'],
    ['two people', { kind: 'twoPeople', left: 'p02', right: 'p05' }, 2, 'onePersonOnly'],
  ] as const)('%s in the picture', async (_name, scene, faces, hint) => {
    const engine = await start();
    unwrap(await engine.setReference('c1', portrait));
    const [frame] = await liveFrames(scene, { count: 1, ...VGA });
    expect(unwrap(await engine.assess('c1', frame!))).toMatchObject({ faces, hint, similarity: null });
  });

  test('a frame that is too dark to find a face in tells how dark it is; one with a face leaves that to the face', async () => {
    const engine = await start();
    unwrap(await engine.setReference('c1', portrait));
    const dim = (share: number): RgbaFrame => ({
      ...live[0]!,
      data: live[0]!.data.map((value, at) => (at % 4 === 3 ? 255 : Math.round(value * share))),
    });
    const [day] = await liveFrames({ kind: 'nobody' }, { count: 1, ...VGA });
    const [dark, seen, empty] = [
      unwrap(await engine.assess('c1', dim(0.07))),
      unwrap(await engine.assess('c1', dim(0.5))),
      unwrap(await engine.assess('c1', day!)),
    ];
    expect(dark).toMatchObject({ faces: 0, quality: null });
    expect(dark.sceneBrightness).toBeGreaterThan(1);
    expect(dark.sceneBrightness).toBeLessThan(12);
    expect(seen).toMatchObject({ faces: 1, sceneBrightness: null });
    expect(empty).toMatchObject({ faces: 0 });
    expect(empty.sceneBrightness).toBeGreaterThan(100);
  });

  test('no model looks at the frames that wait when the capture is released; the next capture of the name is served', async () => {
    const engine = await start();
    unwrap(await engine.setReference('c1', portrait));
    const [, waiting, released, again] = await Promise.all([
      engine.assess('c1', copy(live[0]!)),
      engine.assess('c1', copy(live[1]!)),
      engine.release('c1'),
      engine.setReference('c1', portrait),
    ]);
    expect(waiting).toEqual({ ok: false, error: { code: 'referenceMissing' } });
    expect([released.ok, again.ok]).toEqual([true, true]);
    unwrap(await engine.assess('c1', copy(live[2]!)));
  });

  test('after release the reference is gone; a frame that is no frame is refused', async () => {
    const engine = await start();
    unwrap(await engine.setReference('c1', portrait));
    const broken = { ...copy(live[0]!), width: 639 };
    expect(await engine.assess('c1', broken)).toEqual({ ok: false, error: { code: 'frameInvalid' } });
    unwrap(await engine.release('c1'));
    expect(await engine.assess('c1', copy(live[0]!))).toEqual({ ok: false, error: { code: 'referenceMissing' } });
    await engine.close();
    expect(await engine.assess('c1', copy(live[0]!))).toEqual({ ok: false, error: { code: 'engineClosed' } });
  });
});

describe('models that are not the ones of the manifest', () => {
  test('one changed byte is refused by the model’s name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jointgate-models-'));
    try {
      await cp(join(DEFAULT_MODEL_ROOT, 'faceplugin-face-recognition-js/model'), folder, { recursive: true });
      const bytes = await readFile(join(folder, 'fr_feature.onnx'));
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(join(folder, 'fr_feature.onnx'), bytes);
      const started = await FaceEngine.start({ modelRoot: folder });
      expect(started).toEqual({ ok: false, error: { code: 'modelHashMismatch', model: 'faceplugin-feature-512' } });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a missing model is named', async () => {
    const started = await FaceEngine.start({ modelRoot: '/nonexistent' });
    expect(started).toMatchObject({ ok: false, error: { code: 'modelMissing', model: 'ultraface-rfb-320' } });
  });

  test('a file that has the right hash but is no model is unusable, not a crash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jointgate-models-'));
    try {
      await cp(join(DEFAULT_MODEL_ROOT, 'faceplugin-face-recognition-js/model'), folder, { recursive: true });
      const junk = Buffer.from('this is no model');
      await writeFile(join(folder, 'fr_pose.onnx'), junk);
      const sha256 = createHash('sha256').update(junk).digest('hex');
      const models = manifest.models.map((model) => (model.role === 'pose' ? { ...model, sha256 } : model));
      await mkdir(folder, { recursive: true });
      const manifestPath = join(folder, 'manifest.json');
      await writeFile(manifestPath, JSON.stringify({ ...manifest, models }));
      const started = await FaceEngine.start({ modelRoot: folder, manifestPath });
      expect(started).toMatchObject({ ok: false, error: { code: 'modelUnusable', model: 'faceplugin-pose-66' } });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a manifest that is none is refused with words', async () => {
    const started = await FaceEngine.start({ manifestPath: import.meta.filename });
    expect(started).toMatchObject({ ok: false, error: { code: 'manifestInvalid' } });
  });
});

/** A worker that starts well and then behaves as `body` says: `port` is its end, `request` what it was asked. */
const oddWorker = (body: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort as port } from 'node:worker_threads';
      port.on('message', (request) => { ${body} });
      port.postMessage({ type: 'started', result: { ok: true, value: { loadMs: 0 } } });
    `)}`,
  );
const QUICK = { frameTimeoutMs: 60, referenceTimeoutMs: 60, restartDelaysMs: [0] };

describe('a worker that fails', () => {
  test('no answer: a coded error in time, then a new worker', async () => {
    const engine = await start({ workerUrl: oddWorker(''), delays: QUICK });
    const states: string[] = [];
    engine.subscribe(({ state }) => states.push(state));
    expect(await engine.release('c1')).toEqual({ ok: false, error: { code: 'engineTimedOut' } });
    await vi.waitFor(() => expect(states).toEqual(['restarting', 'ready']));
  });

  test('a busy loop can’t hold the lane up', async () => {
    const engine = await start({ workerUrl: oddWorker('for (;;) {}'), delays: QUICK });
    expect(await engine.release('c1')).toEqual({ ok: false, error: { code: 'engineTimedOut' } });
    await vi.waitFor(() => expect(engine.status.state).toBe('ready'));
  });

  test('death in mid-request: everything that waits gets the code; the next request is served by a new worker', async () => {
    const body =
      "if (request.call.captureId === 'dies') throw new Error('broken'); port.postMessage({ type: 'answer', id: request.id, result: { ok: true } });";
    const engine = await start({ workerUrl: oddWorker(body), delays: { restartDelaysMs: [0] } });
    const [first, second] = await Promise.all([engine.release('dies'), engine.release('c2')]);
    expect(first).toEqual({ ok: false, error: { code: 'engineFailed', detail: 'broken' } });
    expect(second.ok || second.error.code === 'engineFailed').toBe(true);
    // Asked while the new worker is still starting: waits for it.
    expect(await engine.release('c3')).toEqual({ ok: true });
  });

  test('frames beyond what may wait are refused at once', async () => {
    const engine = await start({ workerUrl: oddWorker(''), delays: QUICK });
    const answers = await Promise.all(live.slice(0, 6).map((frame) => engine.assess('c1', copy(frame))));
    expect(answers.map((answer) => !answer.ok && answer.error.code).slice(4)).toEqual(['engineBusy', 'engineBusy']);
  });

  test('never starting is told in time', async () => {
    const silent = new URL(
      `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});")}`,
    );
    const started = await FaceEngine.start({ workerUrl: silent, delays: { startTimeoutMs: 80 } });
    expect(started).toEqual({ ok: false, error: { code: 'engineStartTimedOut' } });
  });

  // Symptom: "terminate called after throwing an instance of 'Napi::Error'", and the lane process was gone.
  test('given up in the middle of a model run: the process lives, the next worker serves', async () => {
    const engine = await start({ delays: { frameTimeoutMs: 8, restartDelaysMs: [0] } });
    // On a busy machine an answer may be there before the timer has run: such a round proves nothing and is done again.
    let givenUp = 0;
    for (let round = 0; round < 12 && givenUp < 3; round++) {
      unwrap(await engine.setReference('c1', portrait));
      const answers = await Promise.all(live.slice(0, 2).map((frame) => engine.assess('c1', copy(frame))));
      const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
      expect(['ok', 'engineTimedOut']).toEqual(expect.arrayContaining(codes));
      if (codes.includes('engineTimedOut')) givenUp++;
    }
    expect(givenUp).toBe(3);
    unwrap(await engine.setReference('c1', portrait));
  });

  // Whether native code is under way just then is chance: several moments are tried.
  test.each([8, 15, 22, 30])('a process that ends %i ms into a model run ends cleanly', async (afterMs) => {
    const script = `
      const { FaceEngine } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'face-engine.ts')).href)});
      const started = await FaceEngine.start();
      await started.value.setReference('c1', new Uint8Array(Buffer.from(process.env.PORTRAIT, 'base64')));
      for (let i = 0; i < 3; i++) started.value.setReference('c1', new Uint8Array(Buffer.from(process.env.PORTRAIT, 'base64')));
      setTimeout(() => process.exit(7), ${afterMs});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, PORTRAIT: Buffer.from(portrait).toString('base64') },
      stdio: 'ignore',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(7);
  });
});
