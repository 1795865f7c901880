import { blockBytes, type CipherName } from './crypto/block-cipher.ts';

export interface LengthLimits {
  /** Longest response APDU of the channel, status word included. */
  readonly maxResponseLength: number;
}

/** DO'99' and DO'8E' of a protected response. */
const STATUS_AND_MAC_BYTES = 4 + 10;
const MAX_SHORT_RESPONSE = 256;

/**
 * The most file bytes that one READ BINARY can bring. In a protected answer the data is padded and wrapped in DO'87' (its
 * header and padding indicator), or DO'85' for odd instructions, whose plain content has DO'53' around it as well.
 */
export function largestReadLength(
  limits: LengthLimits,
  cipher: CipherName | null,
  chipResponseLimit: number | null,
  isWrapped: boolean,
): number {
  const chip = chipResponseLimit ?? MAX_SHORT_RESPONSE;
  const budget = Math.min(limits.maxResponseLength - 2, chip);
  const wrapper = isWrapped ? 4 : 0;
  if (cipher === null) return Math.max(1, budget - wrapper);
  const block = blockBytes(cipher);
  const header = budget > 255 + STATUS_AND_MAC_BYTES ? 4 : 3;
  const encrypted = Math.floor((budget - STATUS_AND_MAC_BYTES - header - 1) / block) * block;
  // At least one byte of the last block is padding.
  return Math.max(1, encrypted - 1 - wrapper);
}
