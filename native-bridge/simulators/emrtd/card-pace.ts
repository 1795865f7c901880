import { createHash } from 'node:crypto';
import { type CipherName, encryptCbc, keyBytes } from '../../../app/documents/chip/crypto/block-cipher.ts';
import { messageMac } from '../../../app/documents/chip/crypto/mac.ts';
import type { AgreementGroup } from '../../../app/documents/chip/key-agreement.ts';
import { mapIntegrated } from '../../../app/documents/chip/pace-mapping.ts';
import { readTemplate } from '../../../app/documents/lds/ber-tlv.ts';
import { bigIntToBytes, bytesToBigInt, encodeOidValue } from '../../../app/documents/lds/der.ts';
import { type Answer, answer } from './card-command.ts';
import { type CardSessionKeys, wrap } from './card-session.ts';
import type { RandomBytes } from './key-pair.ts';

export interface CardPaceOptions<E> {
  readonly oid: string;
  readonly mapping: 'generic' | 'integrated' | 'chipAuthentication';
  readonly cipher: CipherName;
  readonly group: AgreementGroup<E>;
  /** K of the password: SHA-1 of the MRZ information, or the CAN's characters. */
  readonly secret: Uint8Array;
  readonly random: RandomBytes;
  /** The card's scalars, mapping key first; random as a rule, given where a worked example is replayed. */
  readonly scalar: () => bigint;
  /** Nonce s; random as a rule. */
  readonly nonce: () => Uint8Array;
  /** Static chip-authentication secret, for its mapping only. */
  readonly chipSecret: bigint | null;
}

export interface PaceStep {
  readonly answer: Answer;
  /** Set when the last step succeeded. */
  readonly keys: CardSessionKeys | null;
}

const done = (reply: Answer): PaceStep => ({ answer: reply, keys: null });
const WRONG_DATA = answer(0x6a80);

/** One run of PACE from the card's side (ICAO 9303-11 §4.4.4): four GENERAL AUTHENTICATE steps in order, or it is over. */
export class CardPace<E> {
  readonly #options: CardPaceOptions<E>;
  readonly #nonce: Uint8Array;
  #next: 'nonce' | 'map' | 'agree' | 'token' | 'over' = 'nonce';
  #mappingSecret = 0n;
  #generator: E | null = null;
  #ownKey = new Uint8Array(0);
  #terminalKey = new Uint8Array(0);
  #encryption = new Uint8Array(0);
  #mac = new Uint8Array(0);

  constructor(options: CardPaceOptions<E>) {
    this.#options = options;
    this.#nonce = options.nonce();
  }

  step(data: Uint8Array): PaceStep {
    const objects = readTemplate(data, 0x7c);
    const expected = this.#next;
    // Any mistake ends the run: the terminal must start anew.
    this.#next = 'over';
    if (!objects.ok) return done(WRONG_DATA);
    const value = (tag: number) => objects.value.find((object) => object.tag === tag)?.value ?? null;
    switch (expected) {
      case 'nonce':
        return this.#giveNonce();
      case 'map':
        return this.#map(value(0x81));
      case 'agree':
        return this.#agree(value(0x83));
      case 'token':
        return this.#compareTokens(value(0x85));
      case 'over':
        return done(answer(0x6985));
    }
  }

  #giveNonce(): PaceStep {
    const { cipher, secret } = this.#options;
    const key = kdf(cipher, secret, 3);
    const sealed = encryptCbc(cipher, key, new Uint8Array(cipher === '3DES' ? 8 : 16), this.#nonce);
    this.#next = 'map';
    return done(reply(0x80, sealed));
  }

  #map(theirs: Uint8Array | null): PaceStep {
    const { group, mapping, cipher } = this.#options;
    if (!theirs) return done(WRONG_DATA);
    if (mapping === 'integrated') {
      if (theirs.length !== keyBytes(cipher)) return done(WRONG_DATA);
      this.#generator = mapIntegrated(group, cipher, this.#nonce, theirs);
      this.#next = 'agree';
      return done(answer(0x9000, wrap(0x7c, wrap(0x82, new Uint8Array(0)))));
    }
    const terminal = group.decode(theirs);
    if (terminal === null) return done(WRONG_DATA);
    this.#mappingSecret = this.#options.scalar();
    const own = group.power(group.generator, this.#mappingSecret);
    const agreed = group.power(terminal, this.#mappingSecret);
    this.#generator = group.combine(group.power(group.generator, bytesToBigInt(this.#nonce)), agreed);
    this.#next = 'agree';
    return done(reply(0x82, group.encode(own)));
  }

  #agree(theirs: Uint8Array | null): PaceStep {
    const { group, cipher } = this.#options;
    const terminal = theirs ? group.decode(theirs) : null;
    if (!theirs || terminal === null || this.#generator === null) return done(WRONG_DATA);
    const own = this.#options.scalar();
    this.#ownKey = Uint8Array.from(group.encode(group.power(this.#generator, own)));
    this.#terminalKey = Uint8Array.from(theirs);
    const secret = group.sharedSecret(group.power(terminal, own));
    this.#encryption = Uint8Array.from(kdf(cipher, secret, 1));
    this.#mac = Uint8Array.from(kdf(cipher, secret, 2));
    this.#next = 'token';
    return done(reply(0x84, this.#ownKey));
  }

  #compareTokens(theirs: Uint8Array | null): PaceStep {
    const { cipher } = this.#options;
    if (!theirs || Buffer.compare(theirs, this.#token(this.#ownKey)) !== 0) return done(answer(0x6300));
    const parts = [wrap(0x86, this.#token(this.#terminalKey)), ...this.#chipData()];
    const keys = { cipher, encryption: this.#encryption, mac: this.#mac, counter: 0n };
    return { answer: answer(0x9000, wrap(0x7c, Buffer.concat(parts))), keys };
  }

  /** A token covers the protocol and the key of the *other* side (§4.4.3.4). */
  #token(publicKey: Uint8Array): Uint8Array {
    const { oid, group, cipher } = this.#options;
    const content = Buffer.concat([wrap(0x06, encodeOidValue(oid)), wrap(group.publicKeyTag, publicKey)]);
    return messageMac(cipher, this.#mac, wrap(0x7f49, content));
  }

  /** CA.IC = mapping secret / static secret mod n, encrypted under the session key (§4.4.3.5.1). */
  #chipData(): readonly Uint8Array[] {
    const { mapping, chipSecret, group, cipher } = this.#options;
    if (mapping !== 'chipAuthentication' || chipSecret === null) return [];
    const scalar = (this.#mappingSecret * inverse(chipSecret, group.order)) % group.order;
    const bytes = bigIntToBytes(scalar, Math.ceil(group.order.toString(16).length / 2));
    const padded = Buffer.concat([bytes, Uint8Array.of(0x80), new Uint8Array(15 - (bytes.length % 16))]);
    const iv = encryptCbc(cipher, this.#encryption, new Uint8Array(16), new Uint8Array(16).fill(0xff));
    return [wrap(0x8a, encryptCbc(cipher, this.#encryption, iv, padded))];
  }
}

const reply = (tag: number, value: Uint8Array): Answer => answer(0x9000, wrap(0x7c, wrap(tag, value)));

/** The card's own KDF (§9.7.1). */
export function kdf(cipher: CipherName, secret: Uint8Array, counter: 1 | 2 | 3): Uint8Array {
  const hash = cipher === '3DES' || cipher === 'AES-128' ? 'sha1' : 'sha256';
  const full = createHash(hash)
    .update(secret)
    .update(Uint8Array.of(0, 0, 0, counter))
    .digest();
  return full.subarray(0, cipher === 'AES-192' ? 24 : cipher === 'AES-256' ? 32 : 16);
}

/** Inverse by Fermat: group orders are prime. */
function inverse(value: bigint, prime: bigint): bigint {
  let result = 1n;
  let base = value % prime;
  for (let left = prime - 2n; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * base) % prime;
    base = (base * base) % prime;
  }
  return result;
}
