import { createHash } from 'node:crypto';
import { decryptCbc, encryptCbc } from '../../../app/documents/chip/crypto/block-cipher.ts';
import { retailMac } from '../../../app/documents/chip/crypto/mac.ts';
import type { CardSessionKeys } from './card-session.ts';

/** The MRZ fields behind the card's keys, check digits included: `number|digit|birth|digit|expiry|digit`. */
function seedFromMrzInformation(mrzInformation: string): Uint8Array {
  return createHash('sha1').update(mrzInformation, 'latin1').digest().subarray(0, 16);
}

/** The card's own KDF for 3DES; parity bits are left as they fall, as many chips do: DES does not look at them. */
function cardKey(seed: Uint8Array, counter: 1 | 2): Uint8Array {
  return createHash('sha1')
    .update(seed)
    .update(Uint8Array.of(0, 0, 0, counter))
    .digest()
    .subarray(0, 16);
}

export interface BacOutcome {
  readonly answer: Uint8Array;
  readonly keys: CardSessionKeys;
}

const ZERO_IV = new Uint8Array(8);

/**
 * EXTERNAL AUTHENTICATE as the card does it (ICAO 9303-11 §4.3.2 and appendix D.3): MAC first, then its own nonce, then the answer.
 * Null where the terminal did not know the key.
 */
export function answerBac(
  mrzInformation: string,
  ownNonce: Uint8Array,
  ownShare: Uint8Array,
  data: Uint8Array,
): BacOutcome | null {
  const seed = seedFromMrzInformation(mrzInformation);
  const [encryption, mac] = [cardKey(seed, 1), cardKey(seed, 2)];
  if (data.length !== 40) return null;
  const sealed = data.subarray(0, 32);
  if (Buffer.compare(retailMac(mac, sealed), data.subarray(32)) !== 0) return null;
  const plain = decryptCbc('3DES', encryption, ZERO_IV, sealed);
  const terminalNonce = plain.subarray(0, 8);
  if (Buffer.compare(plain.subarray(8, 16), ownNonce) !== 0) return null;
  const shared = Uint8Array.from(plain.subarray(16), (byte, index) => byte ^ ownShare[index]!);
  const reply = encryptCbc('3DES', encryption, ZERO_IV, Buffer.concat([ownNonce, terminalNonce, ownShare]));
  const counter = Buffer.concat([ownNonce.subarray(4), terminalNonce.subarray(4)]);
  return {
    answer: Uint8Array.from(Buffer.concat([reply, retailMac(mac, reply)])),
    keys: {
      cipher: '3DES',
      encryption: cardKey(shared, 1),
      mac: cardKey(shared, 2),
      counter: BigInt(`0x${counter.toString('hex')}`),
    },
  };
}
