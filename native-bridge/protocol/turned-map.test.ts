import { expect, test } from 'vitest';
import { LOT_TURNSTILE, turnedMap } from './turnstile-map.ts';

test('met from the other side, every forward is the backward of before, and twice turned is as it was', () => {
  const turned = turnedMap(LOT_TURNSTILE);
  expect([turned.grantForward, turned.grantBackward]).toEqual([
    LOT_TURNSTILE.grantBackward,
    LOT_TURNSTILE.grantForward,
  ]);
  const { offsets: now } = turned;
  const { offsets: before } = LOT_TURNSTILE;
  expect([now.passesForward, now.occupiedExit, now.countForwardLow, now.countForwardHigh]).toEqual([
    before.passesBackward,
    before.occupiedEntry,
    before.countBackwardLow,
    before.countBackwardHigh,
  ]);
  expect(now.errorBits).toBe(before.errorBits);
  expect(turnedMap(turned)).toEqual(LOT_TURNSTILE);
});
