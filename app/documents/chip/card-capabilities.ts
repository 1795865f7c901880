import { findTlv, readTlvs } from '../lds/ber-tlv.ts';

/** What a chip says about itself in EF.ATR/INFO (ICAO 9303-10 §3.11.2, ISO/IEC 7816-4 §12.7). */
export interface CardCapabilities {
  readonly maxCommandLength: number;
  readonly maxResponseLength: number;
}

/** Reads DO'7F66' `{ 02 command, 02 response }`; null where the chip does not announce extended length. */
export function readCapabilities(atrInfo: Uint8Array): CardCapabilities | null {
  const objects = readTlvs(atrInfo, 64);
  const info = objects.ok ? findTlv(objects.value, 0x7f66) : undefined;
  const parts = info ? readTlvs(info.value, 4) : null;
  const lengths = parts?.ok ? parts.value.filter(({ tag }) => tag === 0x02) : [];
  const [maxCommandLength, maxResponseLength] = lengths.map(({ value }) =>
    value.length <= 4 ? value.reduce((sum, byte) => sum * 256 + byte, 0) : 0,
  );
  if (!maxCommandLength || !maxResponseLength || maxResponseLength <= 256) return null;
  return { maxCommandLength, maxResponseLength: Math.min(maxResponseLength, 65_536) };
}
