import { checkBerStructure, type StructureLimits } from '../ber-structure.ts';
import { readTlv, readTlvs, type Tlv } from '../ber-tlv.ts';

/** SIGNED{} of X.509: what certificates and revocation lists have in common. */
export interface Signed {
  readonly der: Uint8Array;
  /** What is signed. */
  readonly tbs: Tlv;
  readonly algorithm: Tlv;
  readonly signature: Uint8Array;
}

/** The outline of RFC 5280 §4.1 and §5.1, from the signed bytes themselves; null: it is none. */
export function readSigned(bytes: Uint8Array, limits: StructureLimits): Signed | null {
  if (!checkBerStructure(bytes, limits).ok) return null;
  const outer = readTlv(bytes);
  if (!outer.ok || outer.value.tag !== 0x30) return null;
  const parts = readTlvs(outer.value.value);
  if (!parts.ok || parts.value.length !== 3) return null;
  const [tbs, algorithm, signature] = parts.value as [Tlv, Tlv, Tlv];
  if (tbs.tag !== 0x30 || algorithm.tag !== 0x30 || signature.tag !== 0x03 || signature.value[0] !== 0) return null;
  return { der: outer.value.raw, tbs, algorithm, signature: signature.value.subarray(1) };
}
