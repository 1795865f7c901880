import { afterEach, beforeEach, expect, test } from 'vitest';
import { HidRelayIndicator } from '../../native-bridge/devices/hid-relay-indicator.ts';
import { ManualTiming } from '../../native-bridge/ports/manual-timing.ts';
import { SimulatedAccessories } from '../../native-bridge/simulators/simulated-accessories.ts';
import { AccessoryTrouble } from './accessory-trouble.ts';
import type { Clock } from './clock.ts';
import { BLINK_MS, LampFollower } from './lamp-follower.ts';

let timing: ManualTiming;
let world: SimulatedAccessories;
let indicator: HidRelayIndicator;
let follower: LampFollower;
let alarms: string[];

beforeEach(async () => {
  timing = new ManualTiming();
  world = new SimulatedAccessories({ folder: null, timing, lookMs: 0, moveMs: 0 });
  indicator = new HidRelayIndicator({ opener: world.lampCable, timing, redRelay: 1, greenRelay: 2 });
  alarms = [];
  const clock: Clock = {
    nowMs: () => timing.now(),
    monotonicMs: () => timing.now(),
    after: (delayMs, callback) => timing.after(delayMs, callback),
  };
  const trouble = new AccessoryTrouble({
    note: async (event, line) => {
      alarms.push(`${event} ${line?.detail}`);
    },
  });
  follower = new LampFollower(indicator, clock, (result) => trouble.heard('indicator', result));
  indicator.start();
  await timing.advance(0);
});
afterEach(async () => {
  follower.close();
  const closing = indicator.close();
  await timing.advance(3_000);
  await closing;
  world.close();
});

test('shows what the lane wants, the last of several wishes at once', async () => {
  follower.follow({ lamp: 'red', blinks: false });
  follower.follow({ lamp: 'amber', blinks: false });
  follower.follow({ lamp: 'green', blinks: false });
  await timing.advance(0);
  expect(world.lamp).toBe('green');
});

test('blinks at 1 Hz and stops with the next wish, lit', async () => {
  follower.follow({ lamp: 'red', blinks: true });
  await timing.advance(0);
  const seen = [world.lamp];
  for (let half = 0; half < 4; half += 1) {
    await timing.advance(BLINK_MS);
    seen.push(world.lamp);
  }
  expect(seen).toEqual(['red', 'off', 'red', 'off', 'red']);
  await timing.advance(BLINK_MS);
  follower.follow({ lamp: 'red', blinks: false });
  await timing.advance(5 * BLINK_MS);
  expect(world.lamp).toBe('red');
});

test('a board that does not obey is told of once, and again only after it had obeyed', async () => {
  const obey = world.lampCable.onFeature;
  world.lampCable.onFeature = () => {};
  follower.follow({ lamp: 'red', blinks: false });
  await timing.advance(0);
  follower.follow({ lamp: 'green', blinks: false });
  await timing.advance(0);
  expect(alarms).toEqual(['accessoryFailed indicator deviceRejected']);
  world.lampCable.onFeature = obey;
  follower.follow({ lamp: 'amber', blinks: false });
  await timing.advance(0);
  expect(world.lamp).toBe('amber');
  world.lampCable.onFeature = () => {};
  follower.follow({ lamp: 'red', blinks: false });
  await timing.advance(0);
  expect(alarms).toHaveLength(2);
});

test('a board that hangs collects no orders; the newest wish is shown when it answers again', async () => {
  const answer = world.lampCable.feature;
  world.lampCable.feature = () => undefined;
  for (const lamp of [
    'red',
    'amber',
    'red',
    'amber',
    'red',
    'amber',
    'red',
    'amber',
    'red',
    'amber',
    'green',
  ] as const) {
    follower.follow({ lamp, blinks: false });
    await timing.advance(1);
  }
  await timing.advance(5_000);
  // No order was refused because too many waited.
  expect(alarms).toEqual(['accessoryFailed indicator deviceTimeout']);
  world.lampCable.feature = answer;
  await timing.advance(3_000);
  expect(world.lamp).toBe('green');
});

test('what was wanted while the board was away is shown when it is back', async () => {
  world.lampCable.unplug();
  follower.follow({ lamp: 'red', blinks: false });
  await timing.advance(0);
  world.lampCable.plug();
  await timing.advance(3_000);
  expect(world.lamp).toBe('red');
  expect(alarms).toEqual([]);
});
