import sharp, { type OverlayOptions } from 'sharp';
import type { RgbaImage } from '../../../models/face/image.ts';
import { cutAround } from './photograph.ts';
import type { Scene } from './scene.ts';
import { type SpecimenFace, specimenFace } from './specimen-faces.ts';

/** The still behind the frames; larger than a frame, so that the camera has room to sway. */
const PICTURE = { width: 704, height: 528 } as const;

/** The still picture of a scene: the lane's plain wall, and on it whoever stands there. */
export async function scenePicture(scene: Scene): Promise<RgbaImage> {
  const wall = sharp(Buffer.from(WALL)).removeAlpha();
  const { data, info } = await wall
    .composite(await overlays(scene))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

async function overlays(scene: Scene): Promise<OverlayOptions[]> {
  switch (scene.kind) {
    case 'nobody':
      return [];
    case 'person':
    case 'frozen':
      return [await standing(scene.face, PICTURE.width / 2)];
    case 'twoPeople':
      return [await standing(scene.left, PICTURE.width * 0.27), await standing(scene.right, PICTURE.width * 0.73)];
    case 'printedPhoto':
      return [await printed(scene.face)];
  }
}

/** The person, cut out of the photograph with soft sides, down to the lower edge of the picture. */
async function standing(id: string, centreX: number): Promise<OverlayOptions> {
  const aspect = 0.78;
  const height = PICTURE.height;
  const face = asSeenLive(specimenFace(id));
  const cut = await cutAround(face, { heights: face.liveHeights, aspect, faceAt: 0.48 }, height);
  const width = Math.round(height * aspect);
  const input = await sharp(await relit(cut))
    .ensureAlpha()
    .composite([{ input: Buffer.from(softSides(width, height)), blend: 'dest-in' }])
    .png({ compressionLevel: 1 })
    .toBuffer();
  return { input, left: Math.round(centreX - width / 2), top: 0 };
}

/** Where one photograph must serve for portrait and camera, the head is at least held differently. */
function asSeenLive(face: SpecimenFace): SpecimenFace {
  return face.role === 'both' ? { ...face, uprightDegrees: face.uprightDegrees + 4 } : face;
}

/** The lane's light and lens: somewhat darker, paler and softer than the photographer's. */
const relit = (cut: Buffer): Promise<Buffer> =>
  sharp(cut).modulate({ brightness: 0.96, saturation: 0.95 }).png({ compressionLevel: 1 }).toBuffer();

/** A portrait on paper with a white border, lit unevenly, held a little askew. */
async function printed(id: string): Promise<OverlayOptions> {
  const height = 360;
  const cut = await cutAround(specimenFace(id), { heights: 2.0, aspect: 0.78, faceAt: 0.47 }, height);
  const sheet = await sharp(cut)
    .modulate({ saturation: 0.7, brightness: 1.08 })
    .linear(0.8, 30)
    .extend({ top: 22, bottom: 22, left: 22, right: 22, background: '#f4f2ec' })
    .composite([{ input: Buffer.from(glare(Math.round(height * 0.78) + 44, height + 44)), blend: 'screen' }])
    .png({ compressionLevel: 1 })
    .toBuffer();
  const held = await sharp(sheet)
    .rotate(-4, { background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .png()
    .toBuffer({ resolveWithObject: true });
  return {
    input: held.data,
    left: Math.round((PICTURE.width - held.info.width) / 2),
    top: Math.round((PICTURE.height - held.info.height) / 2),
  };
}

const svg = (width: number, height: number, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`;

const WALL = svg(
  PICTURE.width,
  PICTURE.height,
  `<defs><linearGradient id="w" x1="0" y1="0" x2="0.4" y2="1"><stop offset="0" stop-color="#c9cdd1"/>
   <stop offset="1" stop-color="#8f959b"/></linearGradient></defs>
   <rect width="100%" height="100%" fill="url(#w)"/>
   <rect x="0" y="${PICTURE.height * 0.82}" width="100%" height="6" fill="#7d848b"/>`,
);

const softSides = (width: number, height: number): string =>
  svg(
    width,
    height,
    `<defs><linearGradient id="s"><stop offset="0" stop-opacity="0"/><stop offset="0.16" stop-opacity="1"/>
     <stop offset="0.84" stop-opacity="1"/><stop offset="1" stop-opacity="0"/></linearGradient></defs>
     <rect width="100%" height="100%" fill="url(#s)"/>`,
  );

const glare = (width: number, height: number): string =>
  svg(
    width,
    height,
    `<defs><radialGradient id="g" cx="0.7" cy="0.2" r="0.5"><stop offset="0" stop-color="#fff" stop-opacity="0.55"/>
     <stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs>
     <rect width="100%" height="100%" fill="url(#g)"/>`,
  );
