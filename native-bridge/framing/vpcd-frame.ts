/**
 * Messages between a virtual reader and a virtual card (vsmartcard, `vpcd`): two bytes of length, big endian, then that many bytes.
 * From the reader, one byte is a control code and more is a command APDU; from the card, the response or the ATR.
 */
export const VPCD_POWER_OFF = 0;
export const VPCD_POWER_ON = 1;
export const VPCD_RESET = 2;
export const VPCD_ATR = 4;

export const MAX_VPCD_MESSAGE = 0xffff;

export function encodeVpcd(message: Uint8Array): Uint8Array {
  if (message.length > MAX_VPCD_MESSAGE)
    throw new RangeError(`a vpcd message holds ${MAX_VPCD_MESSAGE} bytes, not ${message.length}`);
  return Uint8Array.of(message.length >>> 8, message.length & 0xff, ...message);
}

/** Cuts the stream into messages. TCP loses nothing and the length is all there is, so there is no resync: a broken peer is cut off. */
export class VpcdDeframer {
  #chunks: Uint8Array[] = [];
  #length = 0;

  push(chunk: Uint8Array): Uint8Array[] {
    this.#chunks.push(chunk.slice());
    this.#length += chunk.length;
    if (this.#length < 2) return [];
    const bytes = this.#joined();
    const messages: Uint8Array[] = [];
    let offset = 0;
    while (bytes.length - offset >= 2) {
      const size = (bytes[offset] ?? 0) * 256 + (bytes[offset + 1] ?? 0);
      if (bytes.length - offset - 2 < size) break;
      messages.push(bytes.slice(offset + 2, offset + 2 + size));
      offset += 2 + size;
    }
    this.#chunks = [bytes.subarray(offset)];
    this.#length = bytes.length - offset;
    return messages;
  }

  #joined(): Uint8Array {
    const joined = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, offset);
      offset += chunk.length;
    }
    return joined;
  }
}
