import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FrameAssessment } from '../../models/face/worker-messages.ts';
import { LitraLight } from '../../native-bridge/devices/litra-light.ts';
import { ViscaTilt } from '../../native-bridge/devices/visca-tilt.ts';
import { systemTiming } from '../../native-bridge/ports/timing.ts';
import { SimulatedAccessories } from '../../native-bridge/simulators/simulated-accessories.ts';
import { eightNoneOne, serialOpener } from '../../native-bridge/transport/serial-link.ts';
import { AccessoryTrouble } from './accessory-trouble.ts';
import { CameraStand } from './camera-stand.ts';
import { systemClock } from './clock.ts';

const TILT_RANGE = {
  lowestDegrees: -20,
  highestDegrees: 20,
  stepsPerDegree: 10,
  homeDegrees: 0,
  lowDegrees: -12,
  verticalFieldDegrees: 40,
};
/** The model's brightest, which the range here allows. */
const GLOW_LUMENS = 250;
const LIGHT_RANGE = { startPercent: 50, mostPercent: 100 };

let world: SimulatedAccessories;
let light: LitraLight;
let tilt: ViscaTilt;
let stand: CameraStand;
let alarms: string[];
const until = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 5_000, interval: 2 });

beforeEach(async () => {
  world = new SimulatedAccessories({ folder: null, timing: systemTiming, lookMs: 0, moveMs: 1 });
  const opener = serialOpener(world.tilt.path, eightNoneOne(9_600));
  light = new LitraLight({ opener: world.lightCable, timing: systemTiming, model: 'glow', answerTimeoutMs: 50 });
  tilt = new ViscaTilt({ opener, timing: systemTiming, range: TILT_RANGE });
  alarms = [];
  const trouble = new AccessoryTrouble({
    note: async (event, line) => {
      alarms.push(`${event} ${line?.detail}`);
    },
  });
  stand = new CameraStand({
    clock: systemClock,
    light: { device: light, range: LIGHT_RANGE, hear: (result) => trouble.heard('cameraLight', result) },
    tilt: { device: tilt, range: TILT_RANGE, hear: (result) => trouble.heard('cameraTilt', result) },
  });
  light.start();
  tilt.start();
  await until(() => expect([light.ready, tilt.ready]).toEqual([true, true]));
});
afterEach(async () => {
  stand.close();
  await Promise.all([light.close(), tilt.close()]);
  world.close();
});

type Seen = Pick<FrameAssessment, 'quality' | 'sceneBrightness' | 'box' | 'faces'>;

function frame(problems: readonly string[], top: number): Seen {
  const quality = { problems, measures: { brightness: 40 } } as unknown as Seen['quality'];
  return { faces: 1, quality, sceneBrightness: null, box: { x: 200, y: top, width: 100, height: 100 } };
}

const nobody = (sceneBrightness: number): Seen => ({ faces: 0, quality: null, sceneBrightness, box: null });

test('a picture that is too dark to find a face raises the light, as far as is allowed and during a capture only', async () => {
  for (let count = 0; count < 20; count += 1) stand.saw(nobody(3), 480);
  stand.begin();
  await until(() => expect(world.light.shining).toBeGreaterThan(0));
  const atFirst = world.light.shining;
  // An empty hall that is lit says nothing of the light, however long.
  for (let count = 0; count < 50; count += 1) stand.saw(nobody(120), 480);
  stand.lowPosition(true);
  await until(() => expect(world.tilt.tilt).toBe(-120));
  expect(world.light.shining).toBe(atFirst);
  for (let count = 0; count < 50; count += 1) stand.saw(nobody(3), 480);
  await until(() => expect(world.light.shining).toBe(GLOW_LUMENS));
  stand.end();
  await until(() => expect(world.light.shining).toBe(0));
  for (let count = 0; count < 20; count += 1) stand.saw(nobody(3), 480);
  expect(world.light.shining).toBe(0);
});

test('the light shines during a capture only, and follows what the pictures ask for', async () => {
  expect(world.light.shining).toBe(0);
  stand.begin();
  await until(() => expect(world.light.shining).toBeGreaterThan(0));
  const atFirst = world.light.shining;
  for (let count = 0; count < 6; count += 1) stand.saw(frame(['tooDark'], 190), 480);
  await until(() => expect(world.light.shining).toBeGreaterThan(atFirst));
  stand.end();
  await until(() => expect(world.light.shining).toBe(0));
  // A picture that was still with the models lights nothing again.
  for (let count = 0; count < 6; count += 1) stand.saw(frame(['tooDark'], 190), 480);
  expect(world.light.shining).toBe(0);
});

test('a capture that becomes more attentive goes on under the light it has found', async () => {
  stand.begin();
  await until(() => expect(world.light.shining).toBeGreaterThan(0));
  const atFirst = world.light.shining;
  for (let count = 0; count < 6; count += 1) stand.saw(frame(['tooDark'], 190), 480);
  await until(() => expect(world.light.shining).toBeGreaterThan(atFirst));
  const found = world.light.shining;
  stand.begin();
  // A mount's order, given after the light's, tells when the light's would have come.
  stand.lowPosition(true);
  await until(() => expect(world.tilt.tilt).toBe(-120));
  expect(world.light.shining).toBe(found);
});

test('the mount follows a low face and returns home', async () => {
  stand.begin();
  // Pictures come while the mount still goes to where it rests; those are passed over.
  await until(() => {
    if (world.tilt.tilt === 0) stand.saw(frame([], 380), 480);
    expect(world.tilt.tilt).toBeLessThan(-100);
  });
  stand.end();
  await until(() => expect(world.tilt.tilt).toBe(0));
});

test('the low layout looks low, at once and at each capture', async () => {
  stand.begin();
  stand.lowPosition(true);
  await until(() => expect(world.tilt.tilt).toBe(-120));
  stand.end();
  await until(() => expect(world.tilt.tilt).toBe(0));
  stand.begin();
  await until(() => expect(world.tilt.tilt).toBe(-120));
});

test('a light that hangs at the end is told of once and put out when it answers again', async () => {
  stand.begin();
  await until(() => expect(world.light.shining).toBeGreaterThan(0));
  const answer = world.lightCable.onReport;
  world.lightCable.onReport = () => {};
  stand.end();
  await until(() => expect(alarms.length + (light.ready ? 0 : 1)).toBeGreaterThan(0));
  world.lightCable.onReport = answer;
  await until(() => expect(world.light.shining).toBe(0));
  expect(alarms.length).toBeLessThanOrEqual(1);
});

test('a mount that is held is told of, and stands right again when it is let go', async () => {
  world.tilt.jam();
  stand.lowPosition(true);
  stand.begin();
  await until(() => expect(alarms).toEqual(['accessoryFailed cameraTilt deviceRejected']));
  world.tilt.unjam();
  await until(() => expect(world.tilt.tilt).toBe(-120));
});

test('a mount that was away is put where it should be when it is back', async () => {
  stand.lowPosition(true);
  stand.begin();
  await until(() => expect(world.tilt.tilt).toBe(-120));
  world.tilt.unplug();
  await until(() => expect(tilt.ready).toBe(false));
  stand.end();
  world.tilt.replug();
  await until(() => expect(world.tilt.tilt).toBe(0));
  expect(alarms).toEqual([]);
});
