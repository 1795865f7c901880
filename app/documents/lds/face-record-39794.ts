import { ok, type Result } from '../../contract/result.ts';
import { findTlv, readTlv, readTlvs, type Tlv } from './ber-tlv.ts';
import { type EncodedImage, MAX_IMAGE_BYTES, sniffImage } from './image.ts';
import { type LdsError, ldsError } from './lds-error.ts';

/**
 * Reads the images of an ISO/IEC 39794-5 face image data block. The schema is large and nearly all of it optional, so only
 * the path to the images is walked, by tag and never by position:
 * `[APPLICATION 5]` block, `[1]` representations, each `[1]` image, `[0]` base, `[0]` 2D block with `[0]` bytes,
 * `[1]` information whose `[7]` holds width and height.
 */
export function readFaceRecord39794(bytes: Uint8Array): Result<readonly EncodedImage[], LdsError> {
  const block = findBlock(bytes);
  const representations = block ? child(block, 0xa1) : null;
  if (!representations) return ldsError('DG2', 'ldsFieldMissing');
  const images: EncodedImage[] = [];
  for (const representation of children(representations)) {
    const flat = walk(representation, [0xa1, 0xa0, 0xa0]);
    const data = flat ? child(flat, 0x80) : null;
    // A 3D representation has no 2D block: nothing to compare a face with.
    if (!flat || !data) continue;
    if (data.value.length > MAX_IMAGE_BYTES) return ldsError('DG2', 'ldsImageTooLarge');
    const format = sniffImage(data.value);
    if (!format) return ldsError('DG2', 'ldsImageFormatUnknown');
    const size = walk(flat, [0xa1, 0xa7]);
    images.push({ format, bytes: data.value, widthPx: number(size, 0x80), heightPx: number(size, 0x81) });
  }
  return images.length > 0 ? ok(images) : ldsError('DG2', 'ldsImageMissing');
}

/** The block sits in the biometric data object bare, or in `[1]` as ICAO 9303-10 writes it. */
function findBlock(bytes: Uint8Array): Tlv | null {
  const outer = readTlv(bytes);
  if (!outer.ok) return null;
  if (outer.value.tag === 0x65) return outer.value;
  return outer.value.tag === 0xa1 ? child(outer.value, 0x65) : null;
}

function children(parent: Tlv): readonly Tlv[] {
  const parts = parent.constructed ? readTlvs(parent.value, 64) : null;
  return parts?.ok ? parts.value : [];
}

const child = (parent: Tlv, tag: number): Tlv | null => findTlv(children(parent), tag) ?? null;

function walk(from: Tlv, path: readonly number[]): Tlv | null {
  let at: Tlv | null = from;
  for (const tag of path) at = at ? child(at, tag) : null;
  return at;
}

function number(parent: Tlv | null, tag: number): number {
  const part = parent ? child(parent, tag) : null;
  return part && part.value.length <= 3 ? part.value.reduce((sum, byte) => sum * 256 + byte, 0) : 0;
}
