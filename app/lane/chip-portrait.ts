import { decodeImage } from '../documents/lds/decode-image.ts';
import { encodePortrait } from '../documents/lds/encode-portrait.ts';
import type { EncodedImage } from '../documents/lds/image.ts';

/** The portrait of a chip in a form that the face models read. JPEG 2000 is decoded here; null when it can't be. */
export async function chipPortrait(image: EncodedImage): Promise<Uint8Array | null> {
  if (image.format !== 'jpeg2000') return Uint8Array.from(image.bytes);
  const decoded = await decodeImage(image);
  if (!decoded.ok) return null;
  const encoded = await encodePortrait(decoded.value);
  decoded.value.samples.fill(0);
  return encoded;
}
