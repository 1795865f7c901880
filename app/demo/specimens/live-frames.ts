import type { RgbaFrame, RgbaImage } from '../../../models/face/image.ts';
import { resample } from '../../../models/face/resample.ts';
import type { Scene } from './scene.ts';
import { scenePicture } from './scene-picture.ts';

export interface FrameWish {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** Milliseconds between frames; the first has `capturedAtMs` 0. */
  readonly intervalMs?: number;
  /** Another seed gives other noise; the same seed the same bytes. */
  readonly seed?: number;
}

/** Standard deviation of the sensor noise, grey levels. */
const NOISE = 2.2;

/** Camera frames of a scene: a still that sways by some pixels, with sensor noise, so that no two frames are alike. */
export async function liveFrames(scene: Scene, wish: FrameWish): Promise<RgbaFrame[]> {
  const picture = await scenePicture(scene);
  const random = generator(wish.seed ?? 1);
  const noise = noiseTable(random);
  const frames: RgbaFrame[] = [];
  for (let i = 0; i < wish.count; i++) {
    const first = frames[0];
    const data =
      scene.kind === 'frozen' && first ? Uint8Array.from(first.data) : render(picture, i, wish, { noise, random });
    frames.push({
      width: wish.width,
      height: wish.height,
      format: 'rgba',
      capturedAtMs: i * (wish.intervalMs ?? 33),
      data,
    });
  }
  return frames;
}

/** One frame: a window into the picture that wanders with the frame number, and closes its circle after 30 frames. */
function render(picture: RgbaImage, index: number, wish: FrameWish, { noise, random }: NoiseSource): Uint8Array {
  const turn = (index / 30) * 2 * Math.PI;
  const zoom = 1 + 0.006 * Math.sin(turn);
  const width = picture.width * 0.91 * zoom;
  const height = width * (wish.height / wish.width);
  const x = (picture.width - width) / 2 + 7 * Math.sin(turn);
  const y = (picture.height - height) / 2 + 4 * Math.sin(2 * turn + 1);
  const window = resample(picture, { x, y, width, height }, wish.width, wish.height);
  const light = 1 + 0.01 * Math.sin(3 * turn);
  // Clamped writes round and stay within 0..255 by themselves.
  const data = new Uint8ClampedArray(wish.width * wish.height * 4);
  for (let y = 0; y < wish.height; y++) {
    // Each row starts anywhere in the table: drawing a bell for each pixel would cost more than all the rest.
    let draw = Math.floor(random() * noise.length);
    for (let pixel = y * wish.width; pixel < (y + 1) * wish.width; pixel++) {
      // One draw a pixel: most of a sensor's noise is in the luma after demosaicing.
      const shift = noise[draw++ % noise.length]!;
      for (let channel = 0; channel < 3; channel++) {
        data[pixel * 4 + channel] = window.data[pixel * 3 + channel]! * light + shift;
      }
      data[pixel * 4 + 3] = 255;
    }
  }
  return new Uint8Array(data.buffer);
}

interface NoiseSource {
  readonly noise: Float32Array;
  readonly random: () => number;
}

function noiseTable(random: () => number): Float32Array {
  return Float32Array.from({ length: 16_381 }, () => NOISE * gaussian(random));
}

/** Sum of four uniform draws, scaled to variance one: near enough to a bell, and quick. */
const gaussian = (random: () => number): number => (random() + random() + random() + random() - 2) * Math.sqrt(3);

/** mulberry32: small, repeatable, good enough for noise; not for anything secret. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
