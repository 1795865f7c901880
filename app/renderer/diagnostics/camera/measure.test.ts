import { expect, test } from 'vitest';
import { BINS, measurePicture } from './measure.ts';

const [W, H] = [64, 48];

function picture(luma: (x: number, y: number) => number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(W * H * 4);
  for (let y = 0; y < H; y += 1)
    for (let x = 0; x < W; x += 1) {
      const value = luma(x, y);
      rgba.set([value, value, value, 255], (y * W + x) * 4);
    }
  return rgba;
}

test('a grey wall is one bar of the histogram, neither dark nor clipped, and has no edge', () => {
  const grey = measurePicture(
    picture(() => 128),
    W,
    H,
  );
  expect(grey.brightness).toBeCloseTo(128, 0);
  expect([grey.dark, grey.clipped]).toEqual([0, 0]);
  expect(grey.sharpness).toBeLessThan(1e-3);
  expect(grey.histogram).toHaveLength(BINS);
  expect(grey.histogram.filter((share) => share > 0)).toEqual([1]);
});

test('black and white halves are told apart by their shares', () => {
  const halves = measurePicture(
    picture((x) => (x < W / 2 ? 0 : 255)),
    W,
    H,
  );
  expect([halves.dark, halves.clipped]).toEqual([0.5, 0.5]);
  expect(halves.histogram[0]).toBe(0.5);
  expect(halves.histogram.at(-1)).toBe(0.5);
});

test('the same stripes out of focus are less sharp by far', () => {
  const sharp = measurePicture(
    picture((x) => (x % 8 < 4 ? 60 : 200)),
    W,
    H,
  ).sharpness;
  const soft = measurePicture(
    picture((x) => 130 + 70 * Math.sin((x * Math.PI) / 16)),
    W,
    H,
  ).sharpness;
  expect(sharp).toBeGreaterThan(50 * soft);
});
