import { crc16Modbus } from './crc16.ts';
import { FC_READ, FC_WRITE, FC_WRITE_ONE } from './modbus-pdu.ts';

/** One frame of a Modbus serial line: unit, PDU. The CRC was right. */
export interface RtuFrame {
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** Unit, PDU and CRC at most (Modbus over serial line V1.02, §2.5.1). */
export const MAX_RTU_FRAME = 256;

export function encodeRtu(unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(pdu.length + 3);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = crc16Modbus(frame.subarray(0, -2));
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >>> 8;
  return frame;
}

/**
 * Length in bytes of the frame that starts at `offset`, CRC included. `unknown`: too few bytes to say yet. `impossible`: no frame
 * starts here. RTU frames carry no length and their silences get lost in USB converters, so the function code has to tell.
 */
export type FrameLength = (bytes: Uint8Array, offset: number) => number | 'unknown' | 'impossible';

/** What a slave hears: requests. */
export const requestLength: FrameLength = (bytes, offset) => {
  const functionCode = bytes[offset + 1];
  if (functionCode === undefined) return 'unknown';
  if (functionCode === FC_READ || functionCode === FC_WRITE_ONE) return 8;
  if (functionCode !== FC_WRITE) return 'impossible';
  const byteCount = bytes[offset + 6];
  return byteCount === undefined ? 'unknown' : 9 + byteCount;
};

/** What a master hears after asking `unit`: the one answer of the right unit, function and size, or an exception to it. */
export function responseLength(unit: number, functionCode: number, readCount: number): FrameLength {
  return (bytes, offset) => {
    if (bytes[offset] !== unit) return bytes[offset] === undefined ? 'unknown' : 'impossible';
    const heard = bytes[offset + 1];
    if (heard === undefined) return 'unknown';
    if (heard === (functionCode | 0x80)) return 5;
    if (heard !== functionCode) return 'impossible';
    if (functionCode !== FC_READ) return 8;
    const byteCount = bytes[offset + 2];
    if (byteCount === undefined) return 'unknown';
    return byteCount === readCount * 2 ? 5 + byteCount : 'impossible';
  };
}

export interface RtuYield {
  readonly frames: readonly RtuFrame[];
  readonly discardedBytes: number;
}

/**
 * Finds frames in a stream. Bytes that start no frame with a right CRC are discarded one by one and counted, so a frame behind junk
 * is found; the buffer never holds more than one frame's length. `idle()` gives up waiting for the rest of a frame.
 */
export class RtuDeframer {
  readonly #lengthOf: FrameLength;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(lengthOf: FrameLength) {
    this.#lengthOf = lengthOf;
  }

  push(chunk: Uint8Array): RtuYield {
    return this.#scan(this.#buffer.length === 0 ? chunk : concat(this.#buffer, chunk), false);
  }

  idle(): RtuYield {
    return this.#scan(this.#buffer, true);
  }

  get pending(): boolean {
    return this.#buffer.length > 0;
  }

  #scan(bytes: Uint8Array, ended: boolean): RtuYield {
    const frames: RtuFrame[] = [];
    let discardedBytes = 0;
    let offset = 0;
    while (offset < bytes.length) {
      const length = this.#lengthOf(bytes, offset);
      const known = typeof length === 'number' && length <= MAX_RTU_FRAME;
      const whole = known && offset + length <= bytes.length;
      if (whole && crc16Modbus(bytes.subarray(offset, offset + length)) === 0) {
        frames.push({ unit: bytes[offset] ?? 0, pdu: bytes.slice(offset + 1, offset + length - 2) });
        offset += length;
        continue;
      }
      if (!ended && !whole && (known || length === 'unknown')) break;
      offset += 1;
      discardedBytes += 1;
    }
    // A copy, because the chunk may be a view of a transport's pool.
    this.#buffer = bytes.slice(offset);
    return { frames, discardedBytes };
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
