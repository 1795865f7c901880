import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { liveFrames } from './live-frames.ts';
import type { Scene } from './scene.ts';

/** One second of camera. */
const CAMERA = { count: 30, width: 640, height: 480 } as const;
/**
 * Chromium plays the file in a loop, and the lane, rightly, takes frames that come again for a film. So the second is repeated
 * this often, each time a trace different: longer than the lane remembers frames.
 */
const REPEATS = 16;

/**
 * Writes the scene as Motion JPEG (4:2:0 JPEGs one after the other) for Chromium's capture device. Electron opens the
 * file anew at each `getUserMedia`, so the file appears whole, by a rename, and may be replaced while it is played.
 */
export async function writeCameraFile(path: string, scene: Scene): Promise<void> {
  const frames = await liveFrames(scene, CAMERA);
  const jpegs = await Promise.all(
    frames.map(({ data, width, height }) =>
      sharp(data, { raw: { width, height, channels: 4 } })
        .removeAlpha()
        .jpeg({ quality: 90, chromaSubsampling: '4:2:0' })
        .toBuffer(),
    ),
  );
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const repeats = scene.kind === 'frozen' ? 1 : REPEATS;
    await writeFile(
      temporary,
      Buffer.concat(Array.from({ length: repeats }, (_, i) => jpegs.map((jpeg) => varied(jpeg, i))).flat()),
    );
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Zigzag place from which coefficients are grain that nobody sees, but that sensor noise fills in every frame. */
const FINE_GRAIN = 10;

/**
 * The same picture but for a trace: one step more in one place of the luma quantisation table (ITU-T T.81 §B.2.4.1), so that
 * every decoder gives other bytes. Costs a copy where encoding anew would cost the demo seconds.
 */
function varied(jpeg: Buffer, variant: number): Buffer {
  if (variant === 0) return jpeg;
  const copy = Buffer.from(jpeg);
  const table = jpeg.indexOf(Buffer.from([0xff, 0xdb]));
  if (table === -1) return copy;
  // Marker, length (2), precision and number of the first table, its 64 values.
  const at = table + 5 + FINE_GRAIN + (variant % (64 - FINE_GRAIN));
  copy[at] = Math.min(255, copy[at]! + 1);
  return copy;
}
