import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { letterbox, overlap, render, suppress, tilesOf } from './detect.ts';
import { type RgbaImage, shareOutside } from './image.ts';
import { contextBox } from './liveness.ts';
import { resample } from './resample.ts';
import { angleOf, apply, fitSimilarity, invert, scaleOf } from './similarity-transform.ts';
import { packPlanar, softmax } from './tensors.ts';

function picture(width: number, height: number, colour: (x: number, y: number) => readonly number[]): RgbaImage {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y).slice(0, 3), (y * width + x) * 4);
  }
  return { width, height, data };
}

const coordinate = fc.integer({ min: -500, max: 500 });
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 3, maxLength: 8 });

describe('similarity', () => {
  test('finds the turn, scale and shift that were applied, and the way back', () => {
    fc.assert(
      fc.property(
        points,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.integer({ min: -179, max: 179 }),
        coordinate,
        (from, scale, degrees, shift) => {
          fc.pre(from.some((point) => Math.hypot(point.x - from[0]!.x, point.y - from[0]!.y) > 5));
          const angle = (degrees * Math.PI) / 180;
          const made = { a: scale * Math.cos(angle), b: scale * Math.sin(angle), tx: shift, ty: -shift };
          const found = fitSimilarity(
            from,
            from.map((point) => apply(made, point)),
          )!;
          expect(scaleOf(found)).toBeCloseTo(scale, 3);
          expect(Math.cos(((angleOf(found) - degrees) * Math.PI) / 180)).toBeCloseTo(1, 4);
          const there = apply(invert(found)!, apply(found, from[0]!));
          expect(there.x).toBeCloseTo(from[0]!.x, 3);
          expect(there.y).toBeCloseTo(from[0]!.y, 3);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('points in one place have no similarity', () => {
    const same = [1, 2, 3].map(() => ({ x: 7, y: 7 }));
    expect(fitSimilarity(same, same)).toBeUndefined();
  });
});

describe('resample', () => {
  test('an even picture stays even, however it is cut', () => {
    const image = picture(40, 30, () => [10, 20, 30]);
    const box = fc.record({
      x: fc.integer({ min: -60, max: 60 }),
      y: fc.integer({ min: -60, max: 60 }),
      width: fc.integer({ min: 1, max: 90 }),
      height: fc.integer({ min: 1, max: 90 }),
    });
    fc.assert(
      fc.property(box, fc.integer({ min: 1, max: 50 }), (rect, side) => {
        const cut = resample(image, rect, side, side);
        for (let i = 0; i < cut.data.length; i++) expect(cut.data[i]!).toBeCloseTo(10 * ((i % 3) + 1), 2);
      }),
      { numRuns: 40 },
    );
  });

  test('shrinking averages: no stripe survives, none is doubled', () => {
    const stripes = picture(64, 8, (x) => (x % 2 === 0 ? [0, 0, 0] : [200, 200, 200]));
    const cut = resample(stripes, { x: 0, y: 0, width: 64, height: 8 }, 8, 1);
    for (const value of cut.data) expect(value).toBeCloseTo(100, 1);
  });

  test('half the size is the mean of four pixels, wherever the cut lies', () => {
    const width = 23;
    const image = { width, height: 17, data: Uint8Array.from({ length: width * 17 * 4 }, (_, i) => (i * 7919) % 256) };
    const at = (x: number, y: number, c: number): number => image.data[(y * width + x) * 4 + c]!;
    for (const [left, top] of [
      [0, 0],
      [3, 5],
      [9, 7],
    ] as const) {
      const cut = resample(image, { x: left, y: top, width: 14, height: 10 }, 7, 5);
      for (const [i, value] of cut.data.entries()) {
        const [x, y, c] = [left + 2 * (Math.floor(i / 3) % 7), top + 2 * Math.floor(i / 21), i % 3];
        expect(value).toBe((at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c)) / 4);
      }
    }
    // One that leaves the picture takes the edge, as every other cut does.
    const over = resample(image, { x: 20, y: 0, width: 4, height: 2 }, 2, 1);
    expect(over.data[3]).toBeCloseTo((at(22, 0, 0) + at(22, 1, 0)) / 2, 4);
  });

  test('the same size is the same picture', () => {
    const image = picture(5, 4, (x, y) => [x * 10, y * 10, x + y]);
    const cut = resample(image, { x: 0, y: 0, width: 5, height: 4 }, 5, 4);
    const inside = Array.from({ length: 20 }, (_, i) => [...cut.data.subarray(i * 3, i * 3 + 3)].map(Math.round));
    expect(inside).toEqual(Array.from({ length: 20 }, (_, i) => [...image.data.subarray(i * 4, i * 4 + 3)]));
  });
});

describe('detector geometry', () => {
  test('a letterbox holds the whole image in the canvas’ shape', () => {
    const view = letterbox({ width: 400, height: 800 }, { width: 320, height: 240 });
    expect(view.width / view.height).toBeCloseTo(320 / 240);
    expect(view).toMatchObject({ y: 0, height: 800 });
    expect(view.x).toBeLessThan(0);
  });

  test('beyond the image the canvas is mid-grey', () => {
    const white = picture(20, 60, () => [255, 255, 255]);
    const canvas = { width: 32, height: 24 };
    const drawn = render(white, letterbox(white, canvas), canvas);
    expect(drawn.data[0]).toBe(127);
    expect(drawn.data[(12 * 32 + 16) * 3]).toBeCloseTo(255, 0);
  });

  test('overlapping boxes are one face, the best; boxes apart are two', () => {
    const box = (x: number, score: number) => ({ x, y: 0, width: 10, height: 10, score });
    expect(suppress([box(0, 0.7), box(1, 0.9), box(50, 0.8)], 0.4).map(({ x }) => x)).toEqual([1, 50]);
    expect(overlap(box(0, 1), box(10, 1))).toBe(0);
    expect(overlap(box(0, 1), box(0, 1))).toBe(1);
  });

  test('tiles cover the image, and every small face lies whole in one of them', () => {
    const tile = { width: 640, height: 480 };
    expect(tilesOf({ width: 640, height: 480 }, tile)).toEqual([]);
    const size = fc.record({ width: fc.integer({ min: 641, max: 2000 }), height: fc.integer({ min: 100, max: 2000 }) });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(size, share, share, (image, u, v) => {
        const [x, y, side] = [u * (image.width - 90), v * (image.height - 90), 90];
        const whole = tilesOf(image, tile).some(
          (view) =>
            x >= view.x - 1e-6 &&
            x + side <= view.x + view.width + 1e-6 &&
            y >= view.y - 1e-6 &&
            y + side <= view.y + view.height + 1e-6,
        );
        expect(whole).toBe(true);
      }),
    );
  });

  test('the surroundings for the liveness model stay inside the image', () => {
    const image = { width: 640, height: 480 };
    const face = fc.record({
      x: fc.integer({ min: 0, max: 600 }),
      y: fc.integer({ min: 0, max: 440 }),
      width: fc.integer({ min: 10, max: 400 }),
      height: fc.integer({ min: 10, max: 400 }),
    });
    fc.assert(
      fc.property(face, (box) => {
        expect(shareOutside(contextBox(image, box, 2.7), image)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('tensors', () => {
  test('planes are filled in the order, mean and scale of the manifest', () => {
    const image = { width: 2, height: 1, data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const target = new Float32Array(6);
    packPlanar(image, { order: 'bgr', mean: [1, 1, 1], scale: [2, 2, 2] }, target);
    expect([...target]).toEqual([1, 2.5, 0.5, 2, 0, 1.5]);
  });

  test('softmax sums to one and does not overflow', () => {
    const shares = softmax([1000, 999, -1000]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    expect(shares[0]).toBeGreaterThan(shares[1]!);
  });
});
