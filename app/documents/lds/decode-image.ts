import sharp from 'sharp';
import { err, ok, type Result } from '../../contract/result.ts';
import { type DecodedImage, type EncodedImage, type ImageError, MAX_PIXELS } from './image.ts';
import { decodeJpeg2000 } from './jpeg2000.ts';

/** Decodes a chip's portrait whatever its format. The bytes are hostile until passive authentication says otherwise. */
export async function decodeImage(image: EncodedImage): Promise<Result<DecodedImage, ImageError>> {
  if (image.format === 'jpeg2000') return decodeJpeg2000(image.bytes);
  try {
    const decoded = await sharp(image.bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = decoded.info;
    if (channels !== 1 && channels !== 3) return err({ code: 'imageMalformed' });
    return ok({ widthPx: width, heightPx: height, channels, samples: new Uint8Array(decoded.data) });
  } catch (error) {
    const isLarge = error instanceof Error && /pixel limit/i.test(error.message);
    return err({ code: isLarge ? 'imageTooLarge' : 'imageMalformed' });
  }
}
