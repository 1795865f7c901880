import { ok, type Result } from '../../contract/result.ts';
import { type EncodedImage, MAX_IMAGE_BYTES, sniffImage } from './image.ts';
import { type LdsError, ldsError } from './lds-error.ts';

const RECORD_HEADER_BYTES = 14;
const FACIAL_INFORMATION_BYTES = 20;
const FEATURE_POINT_BYTES = 8;
const IMAGE_INFORMATION_BYTES = 12;
const MAX_IMAGES = 16;

export function isFaceRecord19794(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'FAC\0';
}

/**
 * Reads the images of an ISO/IEC 19794-5:2005 face record (§5: record header, then per image facial information, feature
 * points, image information, image bytes). Declared lengths are checked against what is there; a last image that says it is
 * shorter or longer than the rest of the record is cut at the record's end.
 */
export function readFaceRecord19794(bytes: Uint8Array): Result<readonly EncodedImage[], LdsError> {
  if (!isFaceRecord19794(bytes) || bytes.length < RECORD_HEADER_BYTES) return ldsError('DG2', 'ldsFieldMalformed');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint16(12);
  if (count === 0 || count > MAX_IMAGES) return ldsError('DG2', 'ldsFieldMalformed');
  const images: EncodedImage[] = [];
  let at = RECORD_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    if (at + FACIAL_INFORMATION_BYTES > bytes.length) return ldsError('DG2', 'tlvTruncated');
    const blockLength = view.getUint32(at);
    const points = view.getUint16(at + 4);
    const information = at + FACIAL_INFORMATION_BYTES + points * FEATURE_POINT_BYTES;
    const start = information + IMAGE_INFORMATION_BYTES;
    if (start > bytes.length) return ldsError('DG2', 'tlvTruncated');
    // Zero or a wrong block length is seen where there is one image only; then the rest of the record is the image.
    const isLast = index === count - 1;
    const end = isLast ? bytes.length : at + blockLength;
    if (end < start || end > bytes.length) return ldsError('DG2', 'tlvTruncated');
    const image = bytes.subarray(start, end);
    if (image.length > MAX_IMAGE_BYTES) return ldsError('DG2', 'ldsImageTooLarge');
    const format = sniffImage(image);
    if (!format) return ldsError('DG2', 'ldsImageFormatUnknown');
    images.push({
      format,
      bytes: image,
      widthPx: view.getUint16(information + 2),
      heightPx: view.getUint16(information + 4),
    });
    at = end;
  }
  return ok(images);
}

/** Writes a record with one full-frontal JPEG or JPEG 2000 image, for issuers of test documents. */
export function writeFaceRecord19794(image: EncodedImage): Uint8Array {
  const start = RECORD_HEADER_BYTES + FACIAL_INFORMATION_BYTES + IMAGE_INFORMATION_BYTES;
  const record = new Uint8Array(start + image.bytes.length);
  const view = new DataView(record.buffer);
  record.set(new TextEncoder().encode('FAC\u0000010\u0000'));
  view.setUint32(8, record.length);
  view.setUint16(12, 1);
  view.setUint32(14, record.length - RECORD_HEADER_BYTES);
  const information = RECORD_HEADER_BYTES + FACIAL_INFORMATION_BYTES;
  // Full frontal; JPEG is image data type 0, JPEG 2000 is 1 (§5.7.2).
  record[information] = 1;
  record[information + 1] = image.format === 'jpeg' ? 0 : 1;
  view.setUint16(information + 2, image.widthPx);
  view.setUint16(information + 4, image.heightPx);
  record.set(image.bytes, start);
  return record;
}
