import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import sharp from 'sharp';
import { liveFrames } from './live-frames.ts';
import type { Scene } from './scene.ts';

/** One second of camera, which Chromium plays in a loop. */
const CAMERA = { count: 30, width: 640, height: 480 } as const;

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
    await writeFile(temporary, Buffer.concat(jpegs));
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
