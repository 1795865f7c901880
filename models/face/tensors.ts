import type { RgbImage } from './image.ts';

/** How a model wants its pixels: `(value - mean) / scale`, channel by channel, colour order as named. */
export interface PixelLayout {
  readonly order: 'rgb' | 'bgr' | 'grey';
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

export const channelCount = (layout: PixelLayout): number => (layout.order === 'grey' ? 1 : 3);

/** Interleaved pixels to planar NCHW floats. `target` holds channels x height x width values and is overwritten. */
export function packPlanar(image: RgbImage, layout: PixelLayout, target: Float32Array): void {
  const { data } = image;
  const area = image.width * image.height;
  if (layout.order === 'grey') {
    const mean = layout.mean[0]!;
    const scale = layout.scale[0]!;
    for (let i = 0, p = 0; i < area; i++, p += 3) target[i] = (luma(data, p) - mean) / scale;
    return;
  }
  for (let channel = 0; channel < 3; channel++) {
    const source = layout.order === 'rgb' ? channel : 2 - channel;
    const mean = layout.mean[channel]!;
    const scale = layout.scale[channel]!;
    const base = channel * area;
    for (let i = 0; i < area; i++) target[base + i] = (data[i * 3 + source]! - mean) / scale;
  }
}

/** ITU-R BT.601 luma of the pixel that starts at `offset`, 0..255. */
export function luma(data: Float32Array, offset: number): number {
  return 0.299 * data[offset]! + 0.587 * data[offset + 1]! + 0.114 * data[offset + 2]!;
}

/** Luma plane of an image, 0..255. */
export function greyOf(image: RgbImage): Float32Array {
  const grey = new Float32Array(image.width * image.height);
  for (let i = 0; i < grey.length; i++) grey[i] = luma(image.data, i * 3);
  return grey;
}

/** Softmax; the largest value is taken off first so that no logit overflows. */
export function softmax(logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  const top = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
