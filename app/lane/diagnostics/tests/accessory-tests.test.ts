import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HidRelayIndicator } from '../../../../native-bridge/devices/hid-relay-indicator.ts';
import { LitraLight } from '../../../../native-bridge/devices/litra-light.ts';
import { RealSenseIdCamera } from '../../../../native-bridge/devices/realsense-id-camera.ts';
import { ViscaTilt } from '../../../../native-bridge/devices/visca-tilt.ts';
import { systemTiming } from '../../../../native-bridge/ports/timing.ts';
import { SimulatedAccessories } from '../../../../native-bridge/simulators/simulated-accessories.ts';
import { eightNoneOne, serialOpener } from '../../../../native-bridge/transport/serial-link.ts';
import { AccessoryHands } from '../../accessory-hands.ts';
import { systemClock } from '../../clock.ts';
import type { Diary } from '../../diary.ts';
import { Trace } from '../watch/trace.ts';
import { AccessoryTests, LEAST_RISE } from './accessory-tests.ts';
import { TestBoard } from './bench.ts';

const TILT = {
  lowestDegrees: -20,
  highestDegrees: 20,
  stepsPerDegree: 10,
  homeDegrees: 2,
  lowDegrees: -12,
  verticalFieldDegrees: 40,
};
const LIGHT = { startPercent: 50, mostPercent: 80 };
const BY = 'TECH1';

let world: SimulatedAccessories;
let devices: { indicator: HidRelayIndicator; cameraLight: LitraLight; cameraTilt: ViscaTilt };
let faceCamera: RealSenseIdCamera;
let board: TestBoard;
let tests: AccessoryTests;
let hands: AccessoryHands;
let trace: Trace;
let given: string[];
let journal: string[];
const timing = systemTiming;
const until = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 5_000, interval: 2 });

beforeEach(async () => {
  world = new SimulatedAccessories({ folder: null, timing, lookMs: 0, moveMs: 1 });
  devices = {
    indicator: new HidRelayIndicator({ opener: world.lampCable, timing, redRelay: 1, greenRelay: 2 }),
    cameraLight: new LitraLight({ opener: world.lightCable, timing, model: 'glow', answerTimeoutMs: 50 }),
    cameraTilt: new ViscaTilt({
      opener: serialOpener(world.tilt.path, eightNoneOne(9_600)),
      timing,
      range: TILT,
      moveTimeoutMs: 300,
    }),
  };
  faceCamera = new RealSenseIdCamera({
    opener: serialOpener(world.faceCamera.path, eightNoneOne(115_200)),
    timing,
  });
  [given, journal] = [[], []];
  const diary = {
    note: async (event: string, line: { detail: string; facts: { officer: string } }) => {
      journal.push(`${event} ${line.facts.officer} ${line.detail}`);
    },
  } as unknown as Diary;
  board = new TestBoard(systemClock, diary, () => undefined);
  hands = new AccessoryHands(devices, { light: LIGHT, tilt: TILT }, () => given.push('back'));
  trace = new Trace(systemClock, () => undefined);
  tests = new AccessoryTests({ clock: systemClock, trace, hands, faceCamera }, board);
  for (const device of [...Object.values(devices), faceCamera]) device.start();
  await until(() =>
    expect([...Object.values(devices), faceCamera].map(({ ready }) => ready)).toEqual([true, true, true, true]),
  );
});
afterEach(async () => {
  await Promise.all([...Object.values(devices), faceCamera].map((device) => device.close()));
  world.close();
});

test('the lamp above the lane shows each colour that is asked for, each with its journal line', async () => {
  for (const lamp of ['red', 'amber', 'green', 'off'] as const) {
    await tests.lamp(lamp, BY);
    expect(world.lamp).toBe(lamp);
    expect(hands.view.lamp).toBe(lamp);
    expect(board.results[0]).toMatchObject({ test: 'indicator', outcome: 'passed', facts: { lamp } });
  }
  expect(journal).toEqual(Array.from({ length: 4 }, () => 'deviceTested TECH1 indicator passed'));
  expect(trace.lines.map(({ device, what, detail }) => `${device} ${what} ${detail.split(' ms=')[0]}`)).toEqual(
    ['red', 'amber', 'green', 'off'].map((lamp) => `indicator show lamp=${lamp} answer=ok`),
  );
  world.lampCable.unplug();
  await until(() => expect(devices.indicator.ready).toBe(false));
  await tests.lamp('green', BY);
  expect(board.results[0]).toMatchObject({ outcome: 'failed', code: 'deviceLost', facts: { lamp: 'green' } });
  expect(hands.view.lamp, 'what was not shown is not said to shine').toBe('off');
});

test('the light goes up and down within what is allowed, and never above it', async () => {
  await tests.light(40, BY);
  const [dim, percent] = [world.light.shining, hands.view.light?.percent];
  expect([dim > 0, percent]).toEqual([true, 40]);
  await tests.light(80, BY);
  expect(world.light.shining).toBeGreaterThan(dim);
  const most = world.light.shining;
  await tests.light(81, BY);
  expect(board.results[0]).toMatchObject({ test: 'light', outcome: 'failed', code: 'requestInvalid' });
  expect([world.light.shining, hands.view.light?.percent]).toEqual([most, 80]);
});

test('a picture that grows brighter with it passes a light; one that does not is to be looked at. It is out afterwards', async () => {
  await tests.light(80, BY);
  await tests.lightMeasured(60, 60 + LEAST_RISE, BY);
  expect(board.results[0]).toMatchObject({
    test: 'light',
    outcome: 'passed',
    code: null,
    facts: { percent: 80, brightnessOut: 60, brightnessLit: 60 + LEAST_RISE },
  });
  expect(world.light.shining).toBe(0);
  await tests.lightMeasured(60, 60 + LEAST_RISE - 0.1, BY);
  expect(board.results[0]).toMatchObject({ outcome: 'warning', code: 'lightUnseen' });
});

test('the mount goes to both its ends and home, and says how long each took', async () => {
  const seen: number[] = [];
  const watching = setInterval(() => seen.push(world.tilt.tilt), 1);
  await tests.tiltThrough(BY);
  clearInterval(watching);
  const { outcome, facts } = board.results[0]!;
  expect([outcome, Object.keys(facts)]).toEqual(['passed', ['lowestMs', 'highestMs', 'homeMs']]);
  expect([Math.min(...seen), Math.max(...seen)]).toEqual([-200, 200]);
  expect([world.tilt.tilt, hands.view.tilt?.degrees]).toEqual([20, 2]);
  await tests.tilt(-12, BY);
  expect([world.tilt.tilt, hands.view.tilt?.degrees]).toEqual([-120, -12]);
  await tests.tilt(-21, BY);
  expect(board.results[0]).toMatchObject({ outcome: 'failed', code: 'requestInvalid' });
  expect(world.tilt.tilt).toBe(-120);
});

test('a mount that is held fails where it is held; one that is given back in the middle goes no further', async () => {
  world.tilt.jam();
  await tests.tiltThrough(BY);
  expect(board.results[0]).toMatchObject({ test: 'tilt', outcome: 'failed', facts: { degrees: -20 } });
  world.tilt.unjam();
  const journey = tests.tiltThrough(BY);
  tests.giveBack();
  await journey;
  expect([board.running, board.results.length, given]).toEqual([null, 1, ['back']]);
  expect(world.tilt.tilt).not.toBe(20);
  expect(hands.view.tilt?.degrees, 'what it still did is no longer in these hands').toBe(2);
});

test('the depth camera is asked once, and is to be looked at when it sees nobody alive', async () => {
  for (const [sight, outcome, code] of [
    ['person', 'passed', 'live'],
    ['photo', 'warning', 'spoof'],
    ['nobody', 'warning', 'noFace'],
  ] as const) {
    if (sight !== 'nobody') world.faceCamera.present(sight);
    await tests.faceCamera(BY);
    expect(board.results[0]).toMatchObject({ test: 'faceCamera', outcome, code });
    if (sight !== 'nobody') world.faceCamera.leave();
  }
});

test('what is not fitted says so and moves nothing; what nobody took is not given back', async () => {
  const none = new AccessoryHands({ indicator: null, cameraLight: null, cameraTilt: null }, NOTHING, () =>
    given.push('back'),
  );
  expect(none.view).toEqual({ lamp: null, light: null, tilt: null });
  const bare = new AccessoryTests({ clock: systemClock, trace, hands: none, faceCamera: null }, board);
  await bare.lamp('green', BY);
  await bare.light(50, BY);
  await bare.tilt(0, BY);
  expect(board.results.map(({ code }) => code)).toEqual(['requestInvalid', 'requestInvalid', 'requestInvalid']);
  await bare.tiltThrough(BY);
  await bare.faceCamera(BY);
  expect(board.results.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['notFitted', 'notFitted']);
  bare.giveBack();
  expect(given).toEqual([]);
});

const NOTHING = { light: null, tilt: null };
