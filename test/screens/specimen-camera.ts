import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** The specimen traveller in `sample3.jpg`, in pixels of the image scaled to 1600 on its longer side. */
const FACE = { left: 640, top: 34, width: 693, height: 520 };

/** Writes a short film of a specimen face for Chromium's file camera (`.mjpeg`: JPEG frames one after the other). */
export async function writeSpecimenFilm(path: string): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  const photo = await sharp(join(folder, 'demo/sample3.jpg')).resize(1600, 1600, { fit: 'inside' }).toBuffer();
  const frames: Buffer[] = [];
  for (let i = 0; i < 30; i++) {
    // A person is never quite still: one pixel to and fro.
    const shift = Math.round(Math.sin(i / 4) * 2);
    frames.push(
      await sharp(photo)
        .extract({ ...FACE, left: FACE.left + shift })
        .resize(640, 480)
        .jpeg({ chromaSubsampling: '4:2:0' })
        .toBuffer(),
    );
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat(frames));
  return path;
}
