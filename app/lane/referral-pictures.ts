import sharp, { type Sharp } from 'sharp';

/** What one capture saw. */
export interface CapturedPictures {
  /** JPEG or PNG as enrolled. */
  readonly portrait: Uint8Array;
  /** The last frame that was looked at: RGBA, row by row. */
  readonly live: { readonly width: number; readonly height: number; readonly data: Uint8Array } | null;
}

/** Both pictures have one size and one crop, so that an officer compares faces and not frames. */
const SIZE = { width: 384, height: 480, fit: 'cover' } as const;
const QUALITY = 82;

/** JPEG, base64, without any metadata; null where a picture can't be read. */
export async function toJpegs(
  pictures: CapturedPictures,
): Promise<{ readonly portrait: string | null; readonly live: string | null }> {
  const { portrait, live } = pictures;
  return {
    portrait: await jpeg(() => sharp(portrait)),
    live:
      live === null
        ? null
        : await jpeg(() => sharp(live.data, { raw: { width: live.width, height: live.height, channels: 4 } })),
  };
}

async function jpeg(open: () => Sharp): Promise<string | null> {
  try {
    return (await open().resize(SIZE).jpeg({ quality: QUALITY }).toBuffer()).toString('base64');
  } catch {
    // A portrait of a kind that sharp can't read: the officer sees that there is none, the referral stands as it is.
    return null;
  }
}
