import { expect, test } from 'vitest';
import { sceneBrightness } from './frame-light.ts';

/** A grey picture whose every pixel is what `grey` says of its place, 0..1 across and down. */
function picture(width: number, height: number, grey: (across: number, down: number) => number) {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const value = grey((at % width) / width, Math.floor(at / width) / height);
    data.set([value, value, value, 255], at * 4);
  }
  return { width, height, data };
}

test.each([
  [64, 64],
  [640, 480],
  [1920, 1080],
  [1080, 1920],
] as const)('an even picture of %i x %i is as bright as each of its pixels', (width, height) => {
  expect(sceneBrightness(picture(width, height, () => 77))).toBeCloseTo(77);
  expect(sceneBrightness(picture(width, height, () => 0))).toBe(0);
});

test('windows at the sides and a lamp above do not brighten somebody who stands in the dark', () => {
  const sides = picture(640, 480, (across) => (across < 0.24 || across > 0.76 ? 255 : 10));
  expect(sceneBrightness(sides)).toBeCloseTo(10);
  expect(sceneBrightness(picture(640, 480, (_across, down) => (down < 0.12 ? 255 : 10)))).toBeCloseTo(10);
});

test('colours count as an eye weighs them', () => {
  const data = new Uint8Array(64 * 64 * 4).map((_value, at) => (at % 4 === 1 ? 100 : 0));
  expect(sceneBrightness({ width: 64, height: 64, data })).toBeCloseTo(58.7);
});
