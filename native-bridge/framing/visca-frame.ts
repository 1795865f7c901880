/**
 * VISCA messages of a camera mount on RS-232 (Sony, 9600 8N1): address byte, up to 14 bytes, `FF`. What mount 1 says begins with `90`.
 * There is no checksum: who sets something has to ask back whether it is so.
 */
const FROM_MOUNT = 0x90;
const END = 0xff;
const SHORTEST = 3;
export const LONGEST_VISCA = 16;

export interface ViscaYield {
  /** Without the `FF`. */
  readonly messages: readonly Uint8Array[];
  readonly discardedBytes: number;
}

export function encodeVisca(body: readonly number[]): Uint8Array {
  if (body.length + 1 > LONGEST_VISCA || body.includes(END))
    throw new RangeError(`no VISCA message: ${body.length} bytes`);
  return Uint8Array.of(...body, END);
}

/** Cuts the stream at `FF`; bounded by one message. `from`: how messages of the other side begin. */
export class ViscaDeframer {
  readonly #from: number;
  #held: number[] = [];
  #overlong = false;

  constructor(from: number = FROM_MOUNT) {
    this.#from = from;
  }

  push(chunk: Uint8Array): ViscaYield {
    const messages: Uint8Array[] = [];
    let discardedBytes = 0;
    for (const byte of chunk) {
      if (this.#held.length === LONGEST_VISCA) {
        // The middle of something that is no message; counted now, remembered only as such.
        discardedBytes += this.#held.length;
        this.#held = [];
        this.#overlong = true;
      }
      this.#held.push(byte);
      if (byte !== END) continue;
      const body = this.#held;
      const isMessage = !this.#overlong && body.length >= SHORTEST && body[0] === this.#from;
      if (isMessage) messages.push(Uint8Array.from(body.slice(0, -1)));
      else discardedBytes += body.length;
      this.#held = [];
      this.#overlong = false;
    }
    return { messages, discardedBytes };
  }

  /** The line is silent: what is half ends here. */
  idle(): ViscaYield {
    const discardedBytes = this.#held.length;
    this.#held = [];
    this.#overlong = false;
    return { messages: [], discardedBytes };
  }

  get heldBytes(): number {
    return this.#held.length;
  }
}
