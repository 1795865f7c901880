import type { RgbaImage } from './image.ts';

/** Places looked at along each side: some 1,200 of a frame's pixels, a few microseconds. */
const PLACES = { across: 40, down: 30 } as const;

/**
 * Mean luma (ITU-R BT.601, 0..255) of the middle of a picture, where somebody would stand: its middle half across and its middle
 * three quarters down. A bright window at the side does not make up for somebody in the dark before it.
 */
export function sceneBrightness({ width, height, data }: RgbaImage): number {
  let sum = 0;
  for (let row = 0; row < PLACES.down; row++) {
    const y = Math.floor(height * (1 / 8 + (3 / 4) * ((row + 0.5) / PLACES.down)));
    for (let column = 0; column < PLACES.across; column++) {
      const x = Math.floor(width * (1 / 4 + (1 / 2) * ((column + 0.5) / PLACES.across)));
      const at = (y * width + x) * 4;
      sum += 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    }
  }
  return sum / (PLACES.across * PLACES.down);
}
