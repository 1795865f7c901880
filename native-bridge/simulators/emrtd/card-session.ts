import { type CipherName, decryptCbc, encryptCbc } from '../../../app/documents/chip/crypto/block-cipher.ts';
import { aesCmac, retailMac } from '../../../app/documents/chip/crypto/mac.ts';
import type { Answer, ReceivedCommand } from './card-command.ts';
import type { CardFaults } from './card-faults.ts';

export interface CardSessionKeys {
  readonly cipher: CipherName;
  readonly encryption: Uint8Array;
  readonly mac: Uint8Array;
  readonly counter: bigint;
}

interface DataObject {
  readonly tag: number;
  readonly value: Uint8Array;
  readonly whole: Uint8Array;
}

/**
 * Secure messaging from the card's side (ICAO 9303-11 §9.8), with a counter and a parser of its own, so that reader and card do
 * not simply share one mistake. `open` gives null for anything whose MAC or form is wrong: the card then answers 6988.
 */
export class CardSession {
  readonly #keys: CardSessionKeys;
  readonly #faults: CardFaults;
  readonly #block: number;
  #counter: bigint;
  #answers = 0;

  constructor(keys: CardSessionKeys, faults: CardFaults) {
    this.#keys = keys;
    this.#faults = faults;
    this.#block = keys.cipher === '3DES' ? 8 : 16;
    this.#counter = keys.counter;
  }

  /** Checks a protected command and gives the plain one. */
  open(received: ReceivedCommand): ReceivedCommand | null {
    this.#counter++;
    const objects = splitObjects(received.data);
    const checksum = objects?.find(({ tag }) => tag === 0x8e);
    if (!objects || !checksum) return null;
    const header = this.#pad(Uint8Array.of(received.cla, received.ins, received.p1, received.p2));
    const covered = objects.filter(({ tag }) => tag !== 0x8e).map(({ whole }) => whole);
    if (Buffer.compare(this.#checksum([header, ...covered]), checksum.value) !== 0) return null;
    const le = objects.find(({ tag }) => tag === 0x97)?.value;
    const data = this.#decrypt(objects);
    if (data === null) return null;
    return { ...received, cla: received.cla & ~0x0c, data, le: le ? readLe(le) : 0 };
  }

  /** Protects an answer: DO'87' or '85', DO'99', DO'8E'. */
  seal(ins: number, { data, status }: Answer): Answer {
    this.#counter++;
    this.#answers++;
    if (this.#answers === this.#faults.counterSkewAt) this.#counter++;
    const objects: Uint8Array[] = [];
    if (data.length > 0) {
      const encrypted = encryptCbc(this.#keys.cipher, this.#keys.encryption, this.#iv(), this.#pad(data));
      objects.push(ins % 2 === 1 ? wrap(0x85, encrypted) : wrap(0x87, Buffer.concat([Uint8Array.of(1), encrypted])));
    }
    const omitsStatus = this.#faults.omitsStatus && status === 0x9000;
    if (!omitsStatus) objects.push(Uint8Array.of(0x99, 0x02, status >> 8, status & 0xff));
    const checksum = Uint8Array.from(this.#checksum(objects));
    if (this.#answers === this.#faults.wrongMacAt) checksum[0]! ^= 0x80;
    return { status, data: Uint8Array.from(Buffer.concat([...objects, wrap(0x8e, checksum)])) };
  }

  #decrypt(objects: readonly DataObject[]): Uint8Array | null {
    const even = objects.find(({ tag }) => tag === 0x87)?.value;
    const odd = objects.find(({ tag }) => tag === 0x85)?.value;
    const encrypted = even ? (even[0] === 1 ? even.subarray(1) : null) : (odd ?? new Uint8Array(0));
    if (encrypted === null || encrypted.length % this.#block !== 0) return null;
    if (encrypted.length === 0) return encrypted;
    const plain = decryptCbc(this.#keys.cipher, this.#keys.encryption, this.#iv(), encrypted);
    const end = plain.lastIndexOf(0x80);
    return end >= 0 && plain.subarray(end + 1).every((byte) => byte === 0) ? plain.subarray(0, end) : null;
  }

  #counterBytes(): Uint8Array {
    const bits = BigInt(this.#block * 8);
    const hex = (this.#counter % (1n << bits)).toString(16).padStart(this.#block * 2, '0');
    return Uint8Array.from(Buffer.from(hex, 'hex'));
  }

  #iv(): Uint8Array {
    const zero = new Uint8Array(this.#block);
    if (this.#keys.cipher === '3DES') return zero;
    return encryptCbc(this.#keys.cipher, this.#keys.encryption, zero, this.#counterBytes());
  }

  #checksum(parts: readonly Uint8Array[]): Uint8Array {
    const message = Buffer.concat([this.#counterBytes(), ...parts]);
    if (this.#keys.cipher === '3DES') return retailMac(this.#keys.mac, message);
    return aesCmac(this.#keys.cipher, this.#keys.mac, this.#pad(message));
  }

  #pad(data: Uint8Array): Uint8Array {
    const fill = this.#block - (data.length % this.#block);
    return Buffer.concat([data, Uint8Array.of(0x80), new Uint8Array(fill - 1)]);
  }
}

/** One-byte tags with lengths up to two bytes: all that a protected command has. */
function splitObjects(data: Uint8Array): readonly DataObject[] | null {
  const objects: DataObject[] = [];
  for (let at = 0; at < data.length; ) {
    const lead = data[at + 1];
    if (lead === undefined) return null;
    const count = lead < 0x80 ? 0 : lead - 0x80;
    if (count > 2) return null;
    const start = at + 2 + count;
    const length = count === 0 ? lead : Number.parseInt(Buffer.from(data.subarray(at + 2, start)).toString('hex'), 16);
    if (!(start + length <= data.length)) return null;
    objects.push({
      tag: data[at]!,
      value: data.subarray(start, start + length),
      whole: data.subarray(at, start + length),
    });
    at = start + length;
  }
  return objects;
}

export function wrap(tag: number, value: Uint8Array): Uint8Array {
  const n = value.length;
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return Buffer.concat([Uint8Array.from(tag > 0xff ? [tag >> 8, tag & 0xff] : [tag]), Uint8Array.from(length), value]);
}

function readLe(value: Uint8Array): number {
  return value.length === 1 ? value[0] || 256 : value[0]! * 256 + value[1]! || 65_536;
}
