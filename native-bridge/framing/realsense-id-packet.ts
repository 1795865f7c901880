import { crc16AugCcitt } from './crc16.ts';

/**
 * Packets of RealSense ID cameras on their serial line, protocol version 3 (vendor's SDK, `SerialPacket.h` and `PacketSender.cc`):
 * `@ F`, version, message id, IV (16), payload size (u16); payload: sequence number (u32) and body, filled with zeros to a multiple of
 * 32; HMAC (32), CRC-16 (u16). Little endian. In the plain mode IV and HMAC are zeros. The CRC covers all before it, as far as the
 * payload really goes; older versions counted the unsent rest of the largest packet as well, so another version is noise to us.
 */
export interface RealSenseIdPacket {
  /** One character: `A`..`Z` face messages, `a`..`z` data messages. */
  readonly id: string;
  readonly sequence: number;
  /** With the zeros that fill it up. */
  readonly body: Uint8Array;
}

const REALSENSE_ID_VERSION = 3;
const SYNC = [0x40, 0x46, REALSENSE_ID_VERSION] as const;
const SIZE_AT = 20;
const HEAD = 22;
const SEQUENCE = 4;
const TAIL = 32 + 2;
const ALIGNMENT = 32;
/** Sequence and body at most: the whole packet is never longer than 8 KB. */
const MAX_PAYLOAD = SEQUENCE + 8_124;
export const MAX_BODY = MAX_PAYLOAD - SEQUENCE;
export const MAX_REALSENSE_ID_PACKET = HEAD + MAX_PAYLOAD + TAIL;

export function encodeRealSenseId({ id, sequence, body }: RealSenseIdPacket): Uint8Array {
  if (body.length > MAX_BODY) throw new RangeError(`a RealSense ID packet holds ${MAX_BODY} bytes, not ${body.length}`);
  const payload = Math.ceil((SEQUENCE + body.length) / ALIGNMENT) * ALIGNMENT;
  const packet = new Uint8Array(HEAD + payload + TAIL);
  const view = new DataView(packet.buffer);
  packet.set(SYNC);
  packet[3] = id.charCodeAt(0);
  view.setUint16(SIZE_AT, payload, true);
  view.setUint32(HEAD, sequence, true);
  packet.set(body, HEAD + SEQUENCE);
  view.setUint16(packet.length - 2, crc16AugCcitt(packet.subarray(0, -2)), true);
  return packet;
}

export interface RealSenseIdYield {
  readonly messages: readonly RealSenseIdPacket[];
  /** Bytes that belong to no packet: noise, damaged packets, and the texts of the camera's console. */
  readonly discardedBytes: number;
}

/** Finds packets in a stream; bounded by one packet, resyncing at the next sync bytes. */
export class RealSenseIdDeframer {
  #buffer: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): RealSenseIdYield {
    return this.#scan(this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]), false);
  }

  /** The line is silent: half a packet is given up, and a packet hidden behind its start is found. */
  idle(): RealSenseIdYield {
    return this.#scan(this.#buffer, true);
  }

  get heldBytes(): number {
    return this.#buffer.length;
  }

  #scan(bytes: Uint8Array, ended: boolean): RealSenseIdYield {
    const messages: RealSenseIdPacket[] = [];
    let discardedBytes = 0;
    let offset = 0;
    while (offset < bytes.length) {
      const size = sizeAt(bytes, offset);
      const whole = typeof size === 'number' && offset + size <= bytes.length;
      if (size !== 'none' && !whole && !ended) break;
      const packet = whole ? packetAt(bytes.subarray(offset, offset + size)) : null;
      if (packet !== null) messages.push(packet);
      else discardedBytes += 1;
      offset += packet !== null && whole ? size : 1;
    }
    // A copy, because the chunk may be a view of a transport's pool.
    this.#buffer = Uint8Array.from(bytes.subarray(offset));
    return { messages, discardedBytes };
  }
}

/** The size of the packet that starts at `offset`; `more` while too little of its head is there, `none` when none starts here. */
function sizeAt(bytes: Uint8Array, offset: number): number | 'more' | 'none' {
  for (const [index, expected] of SYNC.entries()) {
    const byte = bytes[offset + index];
    if (byte === undefined) return 'more';
    if (byte !== expected) return 'none';
  }
  const [low, high] = [bytes[offset + SIZE_AT], bytes[offset + SIZE_AT + 1]];
  if (low === undefined || high === undefined) return 'more';
  const payload = low + high * 256;
  return payload < SEQUENCE || payload > MAX_PAYLOAD ? 'none' : HEAD + payload + TAIL;
}

function packetAt(packet: Uint8Array): RealSenseIdPacket | null {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  if (view.getUint16(packet.length - 2, true) !== crc16AugCcitt(packet.subarray(0, -2))) return null;
  return {
    id: String.fromCharCode(packet[3] ?? 0),
    sequence: view.getUint32(HEAD, true),
    body: Uint8Array.from(packet.subarray(HEAD + SEQUENCE, packet.length - TAIL)),
  };
}
