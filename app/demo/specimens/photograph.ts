import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { SpecimenFace } from './specimen-faces.ts';

/** Found as any package is, so that sources and the flat bundle both do. */
const PHOTOGRAPHS = join(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json')), 'demo');

/** The boxes are given in the photograph at this size. */
const LONGER_SIDE = 1600;

/** A cut around a face: how many box heights tall, how wide for its height, and where the face's centre lies in it. */
export interface Framing {
  readonly heights: number;
  readonly aspect: number;
  /** 0..1 from the top. */
  readonly faceAt: number;
}

/**
 * The part of the photograph around the face as PNG bytes of `height` pixels, turned upright about the face. Where the
 * cut leaves the photograph, its edge goes on.
 */
export async function cutAround(face: SpecimenFace, framing: Framing, height: number): Promise<Buffer> {
  const path = join(PHOTOGRAPHS, face.source);
  const tall = face.box.height * framing.heights;
  const wide = tall * framing.aspect;
  // Turning needs room around the cut: half the diagonal on each side of the face.
  const reach = Math.ceil(Math.hypot(tall, wide));
  const centre = { x: Math.round(face.box.x + face.box.width / 2), y: Math.round(face.box.y + face.box.height / 2) };
  const scaled = sharp(path).resize(LONGER_SIDE, LONGER_SIDE, { fit: 'inside' });
  const padded = await scaled
    .extend({ top: reach, bottom: reach, left: reach, right: reach, extendWith: 'copy' })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const around = await sharp(padded)
    .extract({ left: centre.x, top: centre.y, width: 2 * reach, height: 2 * reach })
    .rotate(face.uprightDegrees, { background: '#808080' })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  const { info } = around;
  return sharp(around.data)
    .extract({
      left: Math.round(info.width / 2 - wide / 2),
      top: Math.round(info.height / 2 - tall * framing.faceAt),
      width: Math.round(wide),
      height: Math.round(tall),
    })
    .resize(Math.round(height * framing.aspect), height, { fit: 'fill' })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
