import sharp from 'sharp';
import { err, ok, type Result } from '../../app/contract/result.ts';
import type { RgbaImage } from './image.ts';
import { decodeJpeg2000, isJpeg2000, sizeOfJpeg2000 } from './jpeg2000.ts';

export type ImageError =
  | { readonly code: 'imageEmpty' }
  | { readonly code: 'imageTooLarge'; readonly detail: string }
  | { readonly code: 'imageUnsupported'; readonly detail: string }
  | { readonly code: 'imageCorrupt'; readonly detail: string };

export const IMAGE_LIMITS = {
  maxBytes: 20 * 1024 * 1024,
  maxPixels: 25_000_000,
  /** JPEG 2000 is decoded in WebAssembly, a microsecond a pixel; portraits in documents have a fifth of a megapixel. */
  maxJpeg2000Pixels: 1_500_000,
  /** Longer images are brought down to this while they are decoded: enough for any face that counts. */
  maxSide: 1600,
} as const;

// No operation cache: it would keep portraits in memory after they were used.
sharp.cache(false);

const FORMATS: readonly string[] = ['jpeg', 'png', 'webp', 'tiff', 'gif'];
/** Colour and grey as cameras, enrolment desks and chips give them. Others (CMYK, Lab) are conversions nobody has measured here. */
const COLOUR_SPACES: readonly string[] = ['srgb', 'b-w'];

/**
 * An encoded photograph as upright RGBA. Sizes, colours and depth are read from the header first, so that a bomb costs nothing and
 * nothing is guessed: 8 bits a sample, colour or grey (ISO/IEC 19794-5 portraits are both). EXIF orientation is applied; grey and
 * palette images become sRGB; transparency is laid on white.
 */
export async function decodeImage(bytes: Uint8Array): Promise<Result<RgbaImage, ImageError>> {
  if (bytes.length === 0) return err({ code: 'imageEmpty' });
  if (bytes.length > IMAGE_LIMITS.maxBytes) return err({ code: 'imageTooLarge', detail: `${bytes.length} bytes` });
  if (isJpeg2000(bytes)) return readJpeg2000(bytes);
  const header = await readHeader(bytes);
  return header.ok ? readPixels(bytes) : header;
}

async function readHeader(bytes: Uint8Array): Promise<Result<void, ImageError>> {
  try {
    const { width, height, format, pages, space, depth } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (!FORMATS.includes(format)) return err({ code: 'imageUnsupported', detail: `format ${format}` });
    if ((pages ?? 1) > 1) return err({ code: 'imageUnsupported', detail: `${pages} pages` });
    if (!COLOUR_SPACES.includes(space) || depth !== 'uchar')
      return err({ code: 'imageUnsupported', detail: `colours ${space}, samples ${depth}` });
    if (width * height > IMAGE_LIMITS.maxPixels)
      return err({ code: 'imageTooLarge', detail: `${width} x ${height} pixels` });
    return ok();
  } catch (error) {
    return err({ code: 'imageUnsupported', detail: firstLine(error) });
  }
}

async function readPixels(bytes: Uint8Array): Promise<Result<RgbaImage, ImageError>> {
  const { maxSide, maxPixels } = IMAGE_LIMITS;
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels, failOn: 'truncated' })
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return ok({ width: info.width, height: info.height, data });
  } catch (error) {
    return err({ code: 'imageCorrupt', detail: firstLine(error) });
  }
}

async function readJpeg2000(bytes: Uint8Array): Promise<Result<RgbaImage, ImageError>> {
  const size = sizeOfJpeg2000(bytes);
  if (!size) return err({ code: 'imageCorrupt', detail: 'JPEG 2000 without a size' });
  if (size.width * size.height > IMAGE_LIMITS.maxJpeg2000Pixels) {
    return err({ code: 'imageTooLarge', detail: `${size.width} x ${size.height} pixels` });
  }
  try {
    return ok(await decodeJpeg2000(bytes));
  } catch (error) {
    return err({ code: 'imageCorrupt', detail: firstLine(error) });
  }
}

/** The library's own words, without a path or the image in them. */
const firstLine = (error: unknown): string => ((error as Error).message.split('\n')[0] ?? '').slice(0, 120);
