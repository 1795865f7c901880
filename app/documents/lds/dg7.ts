import { ok, type Result } from '../../contract/result.ts';
import { type EncodedImage, MAX_IMAGE_BYTES, sniffImage } from './image.ts';
import { type LdsError, ldsError } from './lds-error.ts';
import { openFile } from './open-file.ts';

/** Reads EF.DG7 (ICAO 9303-10 §4.7.7): displayed signatures or usual marks, as JPEG or JPEG 2000 under 5F43. */
export function readDg7(file: Uint8Array): Result<readonly EncodedImage[], LdsError> {
  const parts = openFile('DG7', file);
  if (!parts.ok) return parts;
  const images: EncodedImage[] = [];
  for (const { tag, value } of parts.value) {
    if (tag !== 0x5f43) continue;
    if (value.length > MAX_IMAGE_BYTES) return ldsError('DG7', 'ldsImageTooLarge');
    const format = sniffImage(value);
    if (!format) return ldsError('DG7', 'ldsImageFormatUnknown');
    images.push({ format, bytes: value, widthPx: 0, heightPx: 0 });
  }
  return images.length > 0 ? ok(images) : ldsError('DG7', 'ldsImageMissing');
}
