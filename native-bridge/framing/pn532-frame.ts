/**
 * Frames of the NXP PN532 on its high speed UART (NXP UM0701-02 §6.2.1): `00 00 FF LEN LCS TFI PD.. DCS 00`, the extended form with
 * `FF FF LENM LENL LCS`, ACK `00 FF 00 FF 00`, NACK `00 FF FF 00 00`. LCS makes the length, DCS the data add up to 0 mod 256.
 */
export const TFI_TO_CHIP = 0xd4;
export const TFI_FROM_CHIP = 0xd5;
/** The chip's "I did not understand this command". */
export const TFI_ERROR = 0x7f;

/** Packet data at most, TFI not counted (§6.2.1.2). */
export const MAX_PACKET_DATA = 264;
const MAX_NORMAL_LENGTH = 255;

export const ACK_FRAME = Uint8Array.of(0x00, 0x00, 0xff, 0x00, 0xff, 0x00);
export const NACK_FRAME = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00, 0x00);

export type Pn532Frame =
  | { readonly kind: 'ack' }
  | { readonly kind: 'nack' }
  | { readonly kind: 'error' }
  /** `data`: what follows the TFI; the first byte is the command or its answer's code. */
  | { readonly kind: 'packet'; readonly tfi: number; readonly data: Uint8Array }
  /** A frame of known length whose checksum is wrong: the other side may be asked to send it again. */
  | { readonly kind: 'corrupt' };

export interface Pn532Yield {
  readonly frames: readonly Pn532Frame[];
  /** Bytes that belong to no frame; zeros between frames (preamble, postamble) are not counted. */
  readonly discardedBytes: number;
}

export function encodePacket(tfi: number, data: Uint8Array): Uint8Array {
  const length = data.length + 1;
  if (data.length > MAX_PACKET_DATA)
    throw new RangeError(`a PN532 packet holds ${MAX_PACKET_DATA} bytes, not ${data.length}`);
  const head =
    length <= MAX_NORMAL_LENGTH
      ? [0x00, 0x00, 0xff, length, -length & 0xff]
      : [0x00, 0x00, 0xff, 0xff, 0xff, length >>> 8, length & 0xff, -((length >>> 8) + (length & 0xff)) & 0xff];
  const frame = new Uint8Array(head.length + length + 2);
  frame.set(head);
  frame[head.length] = tfi;
  frame.set(data, head.length + 1);
  frame[frame.length - 2] = -sumOf(frame, head.length, length) & 0xff;
  return frame;
}

function sumOf(bytes: Uint8Array, offset: number, length: number): number {
  let sum = 0;
  for (let index = offset; index < offset + length; index += 1) sum += bytes[index] ?? 0;
  return sum & 0xff;
}

/** Start code, extended length and its checksum, TFI, data, DCS. */
const MAX_FRAME = 7 + 1 + MAX_PACKET_DATA + 1;

type Parsed = { readonly frame: Pn532Frame; readonly size: number } | 'more' | 'none';

/** Finds frames in a stream; bounded by one frame, resyncing at the next start code. */
export class Pn532Deframer {
  #buffer: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): Pn532Yield {
    return this.#scan(this.#buffer.length === 0 ? chunk : concat(this.#buffer, chunk), false);
  }

  /** The line is silent: half a frame is given up, and a frame hidden behind its start is found. */
  idle(): Pn532Yield {
    return this.#scan(this.#buffer, true);
  }

  get pending(): boolean {
    return this.#buffer.length > 0;
  }

  #scan(bytes: Uint8Array, ended: boolean): Pn532Yield {
    const frames: Pn532Frame[] = [];
    let discardedBytes = 0;
    let offset = 0;
    while (offset < bytes.length) {
      const parsed = parseAt(bytes, offset);
      if (parsed === 'more' && !ended) break;
      if (typeof parsed === 'object') {
        frames.push(parsed.frame);
        offset += parsed.size;
        continue;
      }
      if (bytes[offset] !== 0) discardedBytes += 1;
      offset += 1;
    }
    this.#buffer = bytes.slice(offset);
    return { frames, discardedBytes };
  }
}

/** A frame whose start code `00 FF` is exactly at `offset`. */
function parseAt(bytes: Uint8Array, offset: number): Parsed {
  const at = (index: number): number | undefined => bytes[offset + index];
  if (at(0) !== 0x00) return 'none';
  if (at(1) === undefined) return 'more';
  if (at(1) !== 0xff) return 'none';
  const [length, check] = [at(2), at(3)];
  if (length === undefined || check === undefined) return 'more';
  if (length === 0x00 && check === 0xff) return { frame: { kind: 'ack' }, size: 4 };
  if (length === 0xff && check === 0x00) return { frame: { kind: 'nack' }, size: 4 };
  if (length === 0xff && check === 0xff) {
    const [high, low, extendedCheck] = [at(4), at(5), at(6)];
    if (high === undefined || low === undefined || extendedCheck === undefined) return 'more';
    if (((high + low + extendedCheck) & 0xff) !== 0) return 'none';
    return packetAt(bytes, offset, 7, high * 256 + low);
  }
  return ((length + check) & 0xff) === 0 ? packetAt(bytes, offset, 4, length) : 'none';
}

function packetAt(bytes: Uint8Array, offset: number, headSize: number, length: number): Parsed {
  const size = headSize + length + 1;
  if (length < 1 || size > MAX_FRAME) return 'none';
  if (offset + size > bytes.length) return 'more';
  const start = offset + headSize;
  // The whole frame is skipped, not searched: a chip's data may look like a frame.
  if (sumOf(bytes, start, length + 1) !== 0) return { frame: { kind: 'corrupt' }, size };
  const tfi = bytes[start] ?? 0;
  if (length === 1 && tfi === TFI_ERROR) return { frame: { kind: 'error' }, size };
  return { frame: { kind: 'packet', tfi, data: bytes.slice(start + 1, start + length) }, size };
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
