import { readTlv, readTlvs } from '../ber-tlv.ts';
import { decodeOidValue } from '../der.ts';

/** A distinguished name, in the two forms that matching needs. */
export interface DistinguishedName {
  /** Lower-case attributes with blanks collapsed: names that differ only in string type or case are one (RFC 5280 §7.1). */
  readonly canonical: string;
  /** Country attribute in upper case (ISO 3166-1 alpha-2 as a rule, alpha-3 in some CSCA), or null. */
  readonly country: string | null;
  readonly commonName: string | null;
}

const COUNTRY = '2.5.4.6';
const COMMON_NAME = '2.5.4.3';

/** Reads a Name (RFC 5280 §4.1.2.4); null where it is malformed. */
export function readName(name: Uint8Array): DistinguishedName | null {
  const outer = readTlv(name);
  if (!outer.ok || outer.value.tag !== 0x30) return null;
  const sets = readTlvs(outer.value.value, 64);
  if (!sets.ok) return null;
  const attributes: string[] = [];
  let country: string | null = null;
  let commonName: string | null = null;
  for (const set of sets.value) {
    const members = readTlvs(set.value, 16);
    if (!members.ok) return null;
    for (const member of members.value) {
      const parts = readTlvs(member.value, 4);
      const [type, value] = parts.ok ? parts.value : [];
      const oid = type?.tag === 0x06 ? decodeOidValue(type.value) : null;
      if (oid === null || !value) return null;
      const text = decodeText(value.tag, value.value);
      attributes.push(`${oid}=${text.toLowerCase().replaceAll(/\s+/g, ' ').trim()}`);
      if (oid === COUNTRY) country = text.trim().toUpperCase();
      if (oid === COMMON_NAME) commonName = text.trim();
    }
  }
  return { canonical: attributes.join(','), country, commonName };
}

function decodeText(tag: number, value: Uint8Array): string {
  // BMPString is UTF-16 big-endian; an odd last byte is no character.
  if (tag === 0x1e) return new TextDecoder('utf-16be').decode(value);
  return Buffer.from(value).toString(tag === 0x14 ? 'latin1' : 'utf8');
}
