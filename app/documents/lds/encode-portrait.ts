import sharp from 'sharp';
import type { DecodedImage } from './image.ts';

/** PNG of decoded samples, for readers that know no JPEG 2000. */
export async function encodePortrait({ samples, widthPx, heightPx, channels }: DecodedImage): Promise<Uint8Array> {
  const raw = { width: widthPx, height: heightPx, channels };
  return new Uint8Array(await sharp(samples, { raw }).png({ compressionLevel: 1 }).toBuffer());
}
