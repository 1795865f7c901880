/** Image bytes as the chip holds them. Decoding them is another module's work (decode-portrait.ts). */
export interface EncodedImage {
  readonly format: 'jpeg' | 'jpeg2000' | 'png';
  readonly bytes: Uint8Array;
  /** From the record's header; 0 where the issuer left it empty. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A portrait of a passport has some 15 kB; ten times the largest seen is hostile. */
export const MAX_IMAGE_BYTES = 1024 * 1024;

/** The format by its first bytes: the format field of a record is wrong on some chips. */
export function sniffImage(bytes: Uint8Array): EncodedImage['format'] | null {
  const starts = (...head: number[]) => head.every((byte, index) => bytes[index] === byte);
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20)) return 'jpeg2000';
  // A bare JPEG 2000 code stream.
  if (starts(0xff, 0x4f, 0xff, 0x51)) return 'jpeg2000';
  if (starts(0x89, 0x50, 0x4e, 0x47)) return 'png';
  return null;
}

/** A portrait has well under one million pixels; more than this is never decoded. */
export const MAX_PIXELS = 16_000_000;

/** Interleaved 8-bit samples, row by row: grey, or red, green, blue. */
export interface DecodedImage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: 1 | 3;
  readonly samples: Uint8Array;
}

export interface ImageError {
  readonly code: 'imageMalformed' | 'imageTooLarge';
}
