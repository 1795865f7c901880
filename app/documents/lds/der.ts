import { concatBytes, encodeTlv } from './ber-tlv.ts';

/** The few DER writers that security objects and test issuers need. Reading goes through ber-tlv.ts and pkijs. */
export const derSequence = (...parts: readonly Uint8Array[]): Uint8Array => encodeTlv(0x30, ...parts);
export const derOctets = (bytes: Uint8Array): Uint8Array => encodeTlv(0x04, bytes);
export const derNull = (): Uint8Array => Uint8Array.of(0x05, 0x00);
export const derBitString = (bytes: Uint8Array): Uint8Array => encodeTlv(0x03, Uint8Array.of(0), bytes);
export const derText = (tag: number, text: string): Uint8Array => encodeTlv(tag, new TextEncoder().encode(text));

/** DER sorts a SET OF by its encodings (X.690 §11.6). */
export function derSet(...parts: readonly Uint8Array[]): Uint8Array {
  return encodeTlv(0x31, ...[...parts].sort(compareBytes));
}

export function derInteger(value: bigint | number): Uint8Array {
  let hex = BigInt(value).toString(16);
  if (hex.startsWith('-')) throw new RangeError('only unsigned integers are written');
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const bytes = Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
  return encodeTlv(0x02, bytes[0]! >= 0x80 ? concatBytes(Uint8Array.of(0), bytes) : bytes);
}

export function derOid(dotted: string): Uint8Array {
  return encodeTlv(0x06, encodeOidValue(dotted));
}

/** Content bytes of an object identifier, as PACE and chip authentication send them in DO'80'. */
export function encodeOidValue(dotted: string): Uint8Array {
  const arcs = dotted.split('.').map(Number);
  const [first, second, ...rest] = arcs;
  if (first === undefined || second === undefined || arcs.some((arc) => !Number.isSafeInteger(arc) || arc < 0)) {
    throw new RangeError(`not an object identifier: ${dotted}`);
  }
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) | 0x80);
    bytes.push(...groups);
  }
  return Uint8Array.from(bytes);
}

/** Dotted form of an object identifier's content bytes, or null where they are malformed or absurdly long. */
export function decodeOidValue(value: Uint8Array): string | null {
  if (value.length === 0 || value.length > 64 || (value[value.length - 1]! & 0x80) !== 0) return null;
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 256) return null;
    if ((byte & 0x80) === 0) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const head = arcs[0]!;
  const top = head < 80 ? Math.floor(head / 40) : 2;
  return [top, head - top * 40, ...arcs.slice(1)].join('.');
}

/** Big-endian unsigned number of at most 2048 bytes; longer input is a bug of the caller, who checks sizes first. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  if (bytes.length > 2048) throw new RangeError('number too long');
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** Big-endian, exactly `length` bytes. */
export function bigIntToBytes(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16).padStart(length * 2, '0');
  if (hex.length > length * 2) throw new RangeError('number does not fit');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}
