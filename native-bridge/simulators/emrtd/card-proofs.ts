import { createHash } from 'node:crypto';
import type { CipherName } from '../../../app/documents/chip/crypto/block-cipher.ts';
import { dhByStandardizedId } from '../../../app/documents/chip/dh-parameters.ts';
import { type AgreementGroup, dhGroup, ecGroup } from '../../../app/documents/chip/key-agreement.ts';
import { scalarFromRandom } from '../../../app/documents/lds/crypto/curve.ts';
import { signEcdsa } from '../../../app/documents/lds/crypto/ecdsa.ts';
import { bigIntToBytes, bytesToBigInt } from '../../../app/documents/lds/der.ts';
import { kdf } from './card-pace.ts';
import type { CardSessionKeys } from './card-session.ts';
import type { DhKeyPair, EcKeyPair, RandomBytes, RsaKeyPair } from './key-pair.ts';

/** Chip authentication as the card does it: one agreement with the static key, new session keys (ICAO 9303-11 §6.2). */
export function agreeChipKey(
  key: EcKeyPair | DhKeyPair,
  secretScalar: bigint,
  cipher: CipherName,
  terminalKey: Uint8Array,
): CardSessionKeys | null {
  const group = (
    'curve' in key ? ecGroup(key.curve) : dhGroup(dhByStandardizedId(key.parameterId)!)
  ) as AgreementGroup<unknown>;
  const terminal = group.decode(terminalKey);
  if (terminal === null) return null;
  const secret = group.sharedSecret(group.power(terminal, secretScalar));
  return { cipher, encryption: kdf(cipher, secret, 1), mac: kdf(cipher, secret, 2), counter: 0n };
}

/** Active authentication (§6.1): ECDSA in the plain form, or ISO/IEC 9796-2 scheme 1 with partial recovery. */
export function signChallenge(key: EcKeyPair | RsaKeyPair, challenge: Uint8Array, random: RandomBytes): Uint8Array {
  return 'curve' in key ? signPlain(key, challenge, random) : signRecoverable(key, challenge, random);
}

function signPlain(key: EcKeyPair, challenge: Uint8Array, random: RandomBytes): Uint8Array {
  const { r, s } = signEcdsa(key.curve, key.secret, 'SHA-256', challenge, scalarFromRandom(key.curve, random));
  const half = key.curve.orderBytes;
  return Buffer.concat([bigIntToBytes(r, half), bigIntToBytes(s, half)]);
}

/** `6A || M1 || SHA-1(M1 || challenge) || BC`, to the power of the private exponent (appendix F, steps 3 to 10). */
function signRecoverable(key: RsaKeyPair, challenge: Uint8Array, random: RandomBytes): Uint8Array {
  const length = Math.ceil(key.modulus.toString(16).length / 2);
  const own = random(length - 20 - 2);
  const hash = createHash('sha1').update(own).update(challenge).digest();
  const representative = bytesToBigInt(Buffer.concat([Uint8Array.of(0x6a), own, hash, Uint8Array.of(0xbc)]));
  let result = 1n;
  let base = representative % key.modulus;
  for (let left = key.privateExponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * base) % key.modulus;
    base = (base * base) % key.modulus;
  }
  return bigIntToBytes(result, length);
}
