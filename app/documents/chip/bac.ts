import { err, ok, type Result } from '../../contract/result.ts';
import { concatBytes } from '../lds/ber-tlv.ts';
import { equalBytes } from '../lds/der.ts';
import { type AccessKey, bacSeed } from './access-key.ts';
import { command } from './apdu.ts';
import type { CardConnection, ConnectionError } from './card-connection.ts';
import { decryptCbc, encryptCbc, ZERO_8 } from './crypto/block-cipher.ts';
import { deriveKey, KEY_PURPOSE } from './crypto/key-derivation.ts';
import { isSameMac, retailMac } from './crypto/mac.ts';
import { SecureMessaging, type SessionKeys } from './secure-messaging.ts';

export type BacError =
  | { readonly code: 'bacChallengeRefused' | 'bacKeyRefused'; readonly status: number }
  | { readonly code: 'bacResponseMalformed' | 'bacResponseMacWrong' | 'bacNonceWrong' }
  | ConnectionError;

/** Random bytes, passed in so that worked examples can be replayed. */
export type RandomBytes = (length: number) => Uint8Array;

/** What the terminal chose for one run. */
export interface BacSecrets {
  readonly nonce: Uint8Array;
  readonly keyShare: Uint8Array;
}

interface BacKeys {
  readonly encryption: Uint8Array;
  readonly mac: Uint8Array;
}

export function bacKeys(key: Extract<AccessKey, { kind: 'mrz' }>): BacKeys {
  const seed = bacSeed(key);
  return {
    encryption: deriveKey(seed, KEY_PURPOSE.encryption, '3DES'),
    mac: deriveKey(seed, KEY_PURPOSE.mac, '3DES'),
  };
}

/** Command data of EXTERNAL AUTHENTICATE: E(RND.IFD || RND.IC || K.IFD) and its MAC. */
function bacCommandData(keys: BacKeys, chipNonce: Uint8Array, own: BacSecrets): Uint8Array {
  const encrypted = encryptCbc('3DES', keys.encryption, ZERO_8, concatBytes(own.nonce, chipNonce, own.keyShare));
  return concatBytes(encrypted, retailMac(keys.mac, encrypted));
}

/** Checks the chip's answer and derives the session: MAC first, then both nonces, then keys and counter. */
function bacSession(
  keys: BacKeys,
  chipNonce: Uint8Array,
  own: BacSecrets,
  answer: Uint8Array,
): Result<SessionKeys, BacError> {
  if (answer.length !== 40) return err({ code: 'bacResponseMalformed' });
  const encrypted = answer.subarray(0, 32);
  if (!isSameMac(retailMac(keys.mac, encrypted), answer.subarray(32))) return err({ code: 'bacResponseMacWrong' });
  const plain = decryptCbc('3DES', keys.encryption, ZERO_8, encrypted);
  if (!equalBytes(plain.subarray(0, 16), concatBytes(chipNonce, own.nonce))) return err({ code: 'bacNonceWrong' });
  const seed = plain.slice(16).map((byte, index) => byte ^ own.keyShare[index]!);
  return ok({
    cipher: '3DES',
    encryption: deriveKey(seed, KEY_PURPOSE.encryption, '3DES'),
    mac: deriveKey(seed, KEY_PURPOSE.mac, '3DES'),
    counter: concatBytes(chipNonce.subarray(4), own.nonce.subarray(4)),
  });
}

/** Basic access control (ICAO 9303-11 §4.3). The eMRTD application must be selected; the session is taken up on success. */
export async function performBac(
  connection: CardConnection,
  key: Extract<AccessKey, { kind: 'mrz' }>,
  random: RandomBytes,
): Promise<Result<void, BacError>> {
  connection.takeSession(null);
  const challenge = await connection.send(command(0x84, 0, 0, undefined, 8));
  if (!challenge.ok) return challenge;
  const chipNonce = challenge.value.data;
  if (challenge.value.status !== 0x9000) return err({ code: 'bacChallengeRefused', status: challenge.value.status });
  if (chipNonce.length !== 8) return err({ code: 'bacResponseMalformed' });
  const keys = bacKeys(key);
  const own = { nonce: random(8), keyShare: random(16) };
  const answer = await connection.send(command(0x82, 0, 0, bacCommandData(keys, chipNonce, own), 40));
  if (!answer.ok) return answer;
  if (answer.value.status !== 0x9000) return err({ code: 'bacKeyRefused', status: answer.value.status });
  const session = bacSession(keys, chipNonce, own, answer.value.data);
  if (!session.ok) return session;
  connection.takeSession(new SecureMessaging(session.value));
  return ok();
}
