import { err, ok, type Result } from '../../contract/result.ts';

/** One data object. `raw`, `value` and the input share memory: nothing is copied, nothing is allocated by a length byte. */
export interface Tlv {
  /** Tag bytes as one number, e.g. 0x61, 0x5F1F, 0x7F4E. */
  readonly tag: number;
  readonly constructed: boolean;
  readonly headerLength: number;
  readonly value: Uint8Array;
  readonly raw: Uint8Array;
}

export type TlvErrorCode =
  | 'tlvTruncated'
  | 'tlvTagTooLong'
  | 'tlvLengthTooLong'
  | 'tlvIndefiniteLength'
  | 'tlvTooDeep'
  | 'tlvTooMany'
  | 'tlvMissing'
  | 'tlvUnexpected';

export interface TlvError {
  readonly code: TlvErrorCode;
  /** Byte offset in the input, for a technician; never the content. */
  readonly offset: number;
}

export interface TlvHeader {
  readonly tag: number;
  readonly constructed: boolean;
  readonly headerLength: number;
  /** Length of the value in bytes as the header claims it; not yet compared with what is there. */
  readonly valueLength: number;
}

/** A file or a CMS object beyond this is refused before anything is read of it. */
export const MAX_OBJECT_BYTES = 4 * 1024 * 1024;

const fail = (code: TlvErrorCode, offset: number) => err<TlvError>({ code, offset });

/**
 * Reads tag and length at `offset` (ISO/IEC 7816-4 §5.2.2: tags up to 3 bytes, definite lengths up to 4 bytes).
 * The value need not be there: a file reader asks how long a file is from its first bytes.
 */
export function readTlvHeader(bytes: Uint8Array, offset = 0): Result<TlvHeader, TlvError> {
  const first = bytes[offset];
  if (first === undefined) return fail('tlvTruncated', offset);
  let tag = first;
  let at = offset + 1;
  if ((first & 0x1f) === 0x1f) {
    for (;;) {
      const next = bytes[at];
      if (next === undefined) return fail('tlvTruncated', at);
      if (at - offset >= 3) return fail('tlvTagTooLong', offset);
      tag = tag * 256 + next;
      at++;
      if ((next & 0x80) === 0) break;
    }
  }
  const lead = bytes[at];
  if (lead === undefined) return fail('tlvTruncated', at);
  at++;
  if (lead < 0x80) return ok({ tag, constructed: (first & 0x20) !== 0, headerLength: at - offset, valueLength: lead });
  if (lead === 0x80) return fail('tlvIndefiniteLength', offset);
  const count = lead & 0x7f;
  if (count > 4) return fail('tlvLengthTooLong', offset);
  let valueLength = 0;
  for (let i = 0; i < count; i++) {
    const next = bytes[at++];
    if (next === undefined) return fail('tlvTruncated', at - 1);
    valueLength = valueLength * 256 + next;
  }
  if (valueLength > MAX_OBJECT_BYTES) return fail('tlvLengthTooLong', offset);
  return ok({ tag, constructed: (first & 0x20) !== 0, headerLength: at - offset, valueLength });
}

/** Reads one whole data object at `offset`. */
export function readTlv(bytes: Uint8Array, offset = 0): Result<Tlv, TlvError> {
  const header = readTlvHeader(bytes, offset);
  if (!header.ok) return header;
  const { tag, constructed, headerLength, valueLength } = header.value;
  const start = offset + headerLength;
  if (valueLength > bytes.length - start) return fail('tlvTruncated', offset);
  const end = start + valueLength;
  return ok({ tag, constructed, headerLength, value: bytes.subarray(start, end), raw: bytes.subarray(offset, end) });
}

/** Reads the data objects that follow one another in `bytes`; `00` between them is padding (ISO/IEC 7816-4 §5.2.2). */
export function readTlvs(bytes: Uint8Array, maxObjects = 256): Result<readonly Tlv[], TlvError> {
  const found: Tlv[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (bytes[offset] === 0) {
      offset++;
      continue;
    }
    if (found.length >= maxObjects) return fail('tlvTooMany', offset);
    const next = readTlv(bytes, offset);
    if (!next.ok) return next;
    found.push(next.value);
    offset += next.value.raw.length;
  }
  return ok(found);
}

/** Reads the children of one object that must carry `tag`. */
export function readTemplate(bytes: Uint8Array, tag: number): Result<readonly Tlv[], TlvError> {
  const outer = readTlv(bytes);
  if (!outer.ok) return outer;
  if (outer.value.tag !== tag) return fail('tlvUnexpected', 0);
  return readTlvs(outer.value.value);
}

export function findTlv(objects: readonly Tlv[], tag: number): Tlv | undefined {
  return objects.find((object) => object.tag === tag);
}

/** Writes one data object with the shortest length form. */
export function encodeTlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const head: number[] = [];
  if (tag > 0xffff) head.push(tag >>> 16);
  if (tag > 0xff) head.push((tag >>> 8) & 0xff);
  head.push(tag & 0xff);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  head.push(...encodeLength(length));
  return concatBytes(Uint8Array.from(head), ...parts);
}

function encodeLength(length: number): number[] {
  if (length < 0x80) return [length];
  if (length <= 0xff) return [0x81, length];
  if (length <= 0xffff) return [0x82, length >> 8, length & 0xff];
  if (length <= 0xffffff) return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  throw new RangeError('data object too long to encode');
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
