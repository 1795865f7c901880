import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CAPTURE_DELAYS, type CapturePolicy } from '../../models/face/capture-policy.ts';
import type { FrameAssessment } from '../../models/face/worker-messages.ts';
import { RealSenseIdCamera } from '../../native-bridge/devices/realsense-id-camera.ts';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { RealSenseIdSimulator } from '../../native-bridge/simulators/realsense-id-simulator.ts';
import { eightNoneOne, serialOpener } from '../../native-bridge/transport/serial-link.ts';
import { ok } from '../contract/result.ts';
import type { CaptureHint } from '../contract/traveller-view.ts';
import { CaptureDesk, type CaptureEnd } from './capture-desk.ts';
import { type Clock, systemClock } from './clock.ts';
import { ANSWER_MS, FRESH_MS, SecondLook } from './second-look.ts';

const POLICY: CapturePolicy = {
  ...CAPTURE_DELAYS,
  matchThreshold: 0.5,
  liveFrom: 0.5,
  spoofBelow: 0.1,
  activeLiveness: 'off',
};

let device: RealSenseIdSimulator;
let camera: RealSenseIdCamera;
let opened: SecondLook | null = null;
let ends: CaptureEnd[];
/** What each look gave. */
let looks: string[];
/** Milliseconds by which the clock of the capture is ahead of the machine's: long waits are made short. */
let aheadMs: number;
let waits: { readonly delayMs: number; readonly callback: () => void }[];
const until = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 5_000, interval: 2 });

const clock: Clock = {
  nowMs: () => systemClock.nowMs(),
  monotonicMs: () => systemClock.monotonicMs() + aheadMs,
  after: (delayMs, callback) => {
    if (delayMs < ANSWER_MS) return systemClock.after(delayMs, callback);
    const wait = { delayMs, callback };
    waits.push(wait);
    return () => {
      waits = waits.filter((each) => each !== wait);
    };
  },
};

beforeEach(async () => {
  device = new RealSenseIdSimulator({ linkPath: null, timing: systemTiming, lookMs: 20 });
  camera = new RealSenseIdCamera({
    opener: serialOpener(device.path, eightNoneOne(115_200)),
    timing: systemTiming,
    times: { answerTimeoutMs: 100, spoofTimeoutMs: 500, gapMs: 30, heartbeatMs: 2_000 },
  });
  [ends, looks, aheadMs, waits] = [[], [], 0, []];
  camera.start();
  await until(() => expect(camera.ready).toBe(true));
});
afterEach(async () => {
  opened?.release();
  await camera.close();
  device.close();
});

let frames = 0;
function matching(): FrameAssessment {
  frames += 1;
  return {
    faces: 1,
    hint: null,
    quality: { problems: [] },
    liveness: 0.9,
    similarity: 0.8,
    continuity: 0.9,
    digest: `frame ${frames}`,
  } as unknown as FrameAssessment;
}

async function open(verdict: 'required' | 'advisory', hint: CaptureHint | null = null) {
  const desk = new CaptureDesk({
    matcher: {
      setReference: async () => ok({} as never),
      assess: async () => ok({ ...matching(), hint, ...(hint === null ? {} : { similarity: null }) }),
      release: async () => ok(),
    },
    policy: POLICY,
    modelId: 'test',
    clock,
    cameraSilenceMs: 60_000,
    onCamera: () => undefined,
  });
  const look = new SecondLook({
    desk,
    camera,
    verdict,
    clock,
    hintHoldMs: POLICY.hintHoldMs,
    hear: (result) => looks.push(result.ok ? String(result.value) : result.error.code),
  });
  opened = look;
  look.prepare('one', new Uint8Array(8));
  const hints: (string | null)[] = [];
  await look.start({ onHint: (hint) => hints.push(hint), onEnd: (end) => ends.push(end) });
  const match = async (): Promise<void> => {
    for (let count = 0; count < 3; count += 1)
      await look.frame({ type: 'frame', width: 64, height: 64, capturedAtMs: 0, data: new Uint8Array(64 * 64 * 4) });
  };
  return { look, match, hints, giveUpWaiting: () => waits.splice(0).forEach(({ callback }) => void callback()) };
}

const pad = (reason: string, outcome = 'passed') =>
  expect.objectContaining({
    checks: expect.arrayContaining([{ id: 'presentationAttack', outcome, reason }]),
  });

test('a match waits for the living face that the depth camera sees, and says so', async () => {
  const { match, hints } = await open('required');
  await match();
  expect(ends).toEqual([]);
  expect(hints).toContain('holdStill');
  device.present('person');
  await until(() => expect(ends).toHaveLength(1));
  expect(ends[0]).toMatchObject({ type: 'matched' });
  expect(ends[0]).toEqual(pad('depthCameraLive'));
});

test.each(['required', 'advisory'] as const)('an attack it sees ends the capture, %s or not', async (verdict) => {
  device.present('photo');
  const { match } = await open(verdict);
  await until(() => expect(ends).toHaveLength(1));
  expect(ends[0]).toMatchObject({ type: 'notAccepted', code: 'spoofSuspected' });
  expect(ends[0]).toEqual(pad('depthCameraSpoof', 'failed'));
  await match();
  expect(ends).toHaveLength(1);
});

test('an attack that comes after our own match ends it as well', async () => {
  const { match } = await open('advisory');
  await match();
  device.present('photo');
  await until(() => expect(ends).toHaveLength(1));
  expect(ends[0]).toMatchObject({ type: 'notAccepted', code: 'spoofSuspected' });
});

test('an old verdict is asked for anew: whoever it was of may have stepped aside', async () => {
  device.present('person');
  const { match } = await open('required');
  await until(() => expect(looks).toContain('live'));
  device.leave();
  device.present('photo');
  aheadMs = FRESH_MS + 1;
  await match();
  await until(() => expect(ends).toHaveLength(1));
  expect(ends[0]).toMatchObject({ type: 'notAccepted', code: 'spoofSuspected' });
});

test.each([
  ['required', 'notAccepted', 'notDone'],
  ['advisory', 'matched', 'passed'],
] as const)('no answer: %s ends %s', async (verdict, type, outcome) => {
  device.unplug();
  await until(() => expect(camera.ready).toBe(false));
  const { match, giveUpWaiting } = await open(verdict);
  await match();
  // Nobody waits for advice from a camera that is not there.
  expect(ends).toHaveLength(verdict === 'advisory' ? 1 : 0);
  giveUpWaiting();
  await until(() => expect(ends).toHaveLength(1));
  expect(ends[0]).toMatchObject(type === 'matched' ? { type } : { type, code: 'deviceFault' });
  expect(ends[0]).toEqual(pad('depthCameraSilent', outcome));
  expect(looks).toContain('deviceLost');
});

test.each(['required', 'advisory'] as const)('it sees nobody where our models see a face: %s', async (verdict) => {
  const { match, giveUpWaiting } = await open(verdict);
  await match();
  await until(() => expect(waits).toHaveLength(1));
  // The look under way, and one more that has begun since.
  const before = looks.length;
  await until(() => expect(looks.length).toBeGreaterThan(before + 1));
  giveUpWaiting();
  expect(ends).toHaveLength(1);
  expect(ends[0]).toMatchObject(verdict === 'advisory' ? { type: 'matched' } : { type: 'notAccepted', code: 'noFace' });
  expect(ends[0]).toEqual(pad('depthCameraNoFace', verdict === 'advisory' ? 'passed' : 'notDone'));
});

test('while a match waits for it, the camera says where it can judge the traveller', async () => {
  device.present('person', 'tooFar');
  const { match, hints } = await open('required');
  await match();
  await until(() => expect(hints.at(-1)).toBe('comeCloser'));
  device.moveTo('tooClose');
  // Long enough to be read and done before another one stands there.
  await until(() => expect(looks.length).toBeGreaterThan(2));
  expect(hints.at(-1)).toBe('comeCloser');
  aheadMs = POLICY.hintHoldMs;
  await until(() => expect(hints.at(-1)).toBe('stepBack'));
  expect(ends).toEqual([]);
  device.moveTo('centred');
  await until(() => expect(ends).toHaveLength(1));
  expect(ends[0]).toEqual(pad('depthCameraLive'));
});

test('what our own models ask for goes before what the camera asks for', async () => {
  device.present('person', 'tooFar');
  const { match, hints } = await open('required', 'uncoverFace');
  await until(() => expect(looks.length).toBeGreaterThan(0));
  // Until our own have seen anything, it is the only one who knows.
  expect(hints.at(-1)).toBe('comeCloser');
  await match();
  const own = hints.indexOf('lookHere');
  expect(own).toBeGreaterThan(0);
  aheadMs = POLICY.hintHoldMs;
  await match();
  aheadMs += POLICY.hintHoldMs;
  await match();
  await until(() => expect(hints.at(-1)).toBe('uncoverFace'));
  expect(hints.slice(own)).not.toContain('comeCloser');
});

test('a camera that was pulled out asks for nothing any more', async () => {
  device.present('person', 'tooClose');
  const { match, hints } = await open('required');
  await match();
  await until(() => expect(hints.at(-1)).toBe('stepBack'));
  device.unplug();
  await until(() => expect(hints.at(-1)).toBe('holdStill'));
});

test('after the capture is released nothing is told any more', async () => {
  const { look, match } = await open('required');
  await match();
  look.release();
  device.present('person');
  // Behind the look that was under way.
  expect(await camera.detectSpoof()).toEqual(ok('live'));
  expect(ends).toEqual([]);
});
