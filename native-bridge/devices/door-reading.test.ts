import { expect, test } from 'vitest';
import { ManualTiming } from '../ports/manual-timing.ts';
import { LOT_TURNSTILE } from '../protocol/turnstile-map.ts';
import { DoorReading } from './door-reading.ts';
import type { DoorUnit } from './door-unit.ts';

const SHUT = { status: Array.from({ length: LOT_TURNSTILE.status.count }, () => 0), mode: LOT_TURNSTILE.mode.normal };

function reading() {
  const timing = new ManualTiming();
  const door = new DoorReading(2, {} as DoorUnit, LOT_TURNSTILE, { fastPollMs: 10, slowPollMs: 100 }, timing);
  return { timing, door };
}

test('what was read is known for as long as it is asked for, and not after an order', async () => {
  const { timing, door } = reading();
  door.modeRead(SHUT.mode);
  expect(door.learn(door.stateOf(SHUT), timing.now())).toEqual([]);
  await timing.advance(50);
  expect(door.knownSince(60)).toMatchObject({ door: 2, open: false });
  expect(door.knownSince(50)).toBeNull();
  door.ordered();
  expect(door.knownSince(60)).toBeNull();
});

test('a mode that is older than two polls of a shut door makes nothing known', async () => {
  const { timing, door } = reading();
  door.modeRead(SHUT.mode);
  await timing.advance(door.modeLifeMs);
  door.learn(door.stateOf(SHUT), timing.now());
  expect(door.knownSince(10)).toBeNull();
  expect(door.modeWithin(door.modeLifeMs)).toBeNull();
});

test('a grant makes it open at once and due at once; the next answer tells that it is shut again', () => {
  const { timing, door } = reading();
  door.learn(door.stateOf(SHUT), timing.now());
  expect(door.dueAt).toBe(100);
  expect(door.granted('forward', 1)).toBe(true);
  expect(door.granted('forward', 1)).toBe(false);
  expect([door.state?.open, door.dueAt]).toEqual([true, 0]);
  expect(door.learn(door.stateOf(SHUT), timing.now())).toEqual([{ type: 'doorClosed', door: 2 }]);
});
