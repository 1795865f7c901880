import sharp from 'sharp';
import { cutAround } from './photograph.ts';
import { specimenFace } from './specimen-faces.ts';

/** 35 x 45 mm at 300 dpi, the size of an enrolled or chip portrait. */
const WIDTH = 413;
const HEIGHT = 531;

/** The specimen's enrolled portrait as JPEG bytes: head and shoulders, 413 x 531 pixels. */
export async function cutPortrait(id: string): Promise<Uint8Array> {
  const cut = await cutAround(specimenFace(id), { heights: 2.1, aspect: WIDTH / HEIGHT, faceAt: 0.47 }, HEIGHT);
  return sharp(cut).resize(WIDTH, HEIGHT, { fit: 'fill' }).jpeg({ quality: 88, chromaSubsampling: '4:2:0' }).toBuffer();
}
