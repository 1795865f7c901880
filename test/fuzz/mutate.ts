/** Small, fast, repeatable random numbers (xorshift32); a seed in a report reproduces a finding. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not give neighbouring numbers (finalizer of MurmurHash3).
    let mixed = Math.imul(seed ^ (seed >>> 16), 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
    this.#state = (mixed ^ (mixed >>> 16)) | 0 || 1;
  }

  below(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % limit;
  }
}

/** Bytes that lengths, tags and signs turn on. */
const INTERESTING = [0x00, 0x01, 0x1f, 0x20, 0x30, 0x31, 0x5f, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xfe, 0xff];
const MAX_INPUT = 8192;

/** One input from a seed: a few edits of the kinds that break parsers (bit, byte, cut, insert, double, splice with another seed). */
export function mutate(seeds: readonly Uint8Array[], dice: Dice): Uint8Array {
  let bytes = Uint8Array.from(seeds[dice.below(seeds.length)]!);
  for (let edits = 1 + dice.below(6); edits > 0; edits--) bytes = edit(bytes, seeds, dice);
  return bytes;
}

function edit(bytes: Uint8Array<ArrayBuffer>, seeds: readonly Uint8Array[], dice: Dice): Uint8Array<ArrayBuffer> {
  if (bytes.length === 0) return Uint8Array.of(dice.below(256));
  const at = dice.below(bytes.length);
  switch (dice.below(7)) {
    case 0:
      bytes[at]! ^= 1 << dice.below(8);
      return bytes;
    case 1:
      bytes[at] = INTERESTING[dice.below(INTERESTING.length)]!;
      return bytes;
    case 2:
      bytes[at] = dice.below(256);
      return bytes;
    case 3:
      return bytes.slice(0, at);
    case 4:
      return join(bytes.subarray(0, at), Uint8Array.of(dice.below(256), dice.below(256)), bytes.subarray(at));
    case 5:
      return join(bytes.subarray(0, at), bytes.subarray(at, at + dice.below(64)), bytes.subarray(at));
    default: {
      const other = seeds[dice.below(seeds.length)]!;
      return join(bytes.subarray(0, at), other.subarray(dice.below(other.length + 1)));
    }
  }
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.concat(parts).subarray(0, MAX_INPUT));
}
