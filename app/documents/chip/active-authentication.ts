import { err, ok, type Result } from '../../contract/result.ts';
import { concatBytes } from '../lds/ber-tlv.ts';
import { digest, type HashName, hashBytes } from '../lds/crypto/digest.ts';
import { type EcPublicKey, readDerSignature, readPlainSignature, verifyEcdsa } from '../lds/crypto/ecdsa.ts';
import { readPublicKey } from '../lds/crypto/public-key.ts';
import { type RsaPublicKey, rsaModulusBytes, rsaPublic } from '../lds/crypto/rsa.ts';
import { bigIntToBytes, bytesToBigInt, equalBytes } from '../lds/der.ts';
import { command, MAX_SHORT_EXPECTED } from './apdu.ts';
import type { RandomBytes } from './bac.ts';
import type { CardConnection, ConnectionError } from './card-connection.ts';

export type ActiveAuthenticationError =
  | { readonly code: 'aaRefused'; readonly status: number }
  | { readonly code: 'aaKeyUnsupported' | 'aaSignatureWrong' }
  | ConnectionError;

const CHALLENGE_BYTES = 8;
/** Hash by signature algorithm of ActiveAuthenticationInfo (BSI TR-03111 plain ECDSA). */
const PLAIN_ECDSA: Readonly<Record<string, HashName>> = {
  '0.4.0.127.0.7.1.1.4.1.1': 'SHA-1',
  '0.4.0.127.0.7.1.1.4.1.2': 'SHA-224',
  '0.4.0.127.0.7.1.1.4.1.3': 'SHA-256',
  '0.4.0.127.0.7.1.1.4.1.4': 'SHA-384',
  '0.4.0.127.0.7.1.1.4.1.5': 'SHA-512',
};
/** ISO/IEC 9796-2 trailers: one byte BC is SHA-1, two bytes end in CC and name the hash (ISO/IEC 10118-3 numbers). */
const TRAILERS: Readonly<Record<number, HashName>> = {
  51: 'SHA-1',
  52: 'SHA-256',
  53: 'SHA-512',
  54: 'SHA-384',
  56: 'SHA-224',
};

/**
 * Active authentication (ICAO 9303-11 §6.1): the chip signs a fresh challenge with the key whose public half is EF.DG15.
 * Proves a genuine chip only where passive authentication has covered DG15.
 */
export async function performActiveAuthentication(
  connection: CardConnection,
  subjectPublicKeyInfo: Uint8Array,
  algorithm: string | null,
  random: RandomBytes,
): Promise<Result<void, ActiveAuthenticationError>> {
  const key = readPublicKey(subjectPublicKeyInfo);
  if (!key.ok || key.value.kind === 'dh') return err({ code: 'aaKeyUnsupported' });
  const challenge = random(CHALLENGE_BYTES);
  // A 2048-bit RSA signature does not fit a short protected answer; a channel without extended length gets what fits.
  const isLong = key.value.kind === 'rsa' && rsaModulusBytes(key.value) > 224 && connection.maxResponseLength > 300;
  const expected = isLong ? 65_536 : MAX_SHORT_EXPECTED;
  const answer = await connection.send(command(0x88, 0, 0, challenge, expected));
  if (!answer.ok) return answer;
  if (answer.value.status !== 0x9000) return err({ code: 'aaRefused', status: answer.value.status });
  return verifyActiveAuthentication(key.value, algorithm, challenge, answer.value.data);
}

function verifyActiveAuthentication(
  key: RsaPublicKey | EcPublicKey,
  algorithm: string | null,
  challenge: Uint8Array,
  signature: Uint8Array,
): Result<void, ActiveAuthenticationError> {
  const isRight =
    key.kind === 'rsa' ? verifyRsa(key, challenge, signature) : verifyEc(key, algorithm, challenge, signature);
  return isRight ? ok() : err({ code: 'aaSignatureWrong' });
}

function verifyRsa(key: RsaPublicKey, challenge: Uint8Array, signature: Uint8Array): boolean {
  const opened = rsaPublic(key, signature);
  if (!opened) return false;
  if (checkRepresentative(opened, challenge)) return true;
  // ISO/IEC 9796-2 lets the signer give the smaller of s and n-s.
  const other = bigIntToBytes(key.modulus - bytesToBigInt(opened), opened.length);
  return checkRepresentative(other, challenge);
}

/** ISO/IEC 9796-2 digital signature scheme 1: `6A || M1 || H(M1 || challenge) || trailer`. */
export function checkRepresentative(opened: Uint8Array, challenge: Uint8Array): boolean {
  const last = opened[opened.length - 1];
  const trailerBytes = last === 0xbc ? 1 : last === 0xcc ? 2 : 0;
  const hash = trailerBytes === 1 ? 'SHA-1' : TRAILERS[opened[opened.length - 2]!];
  if (trailerBytes === 0 || !hash || opened[0] !== 0x6a) return false;
  const digestStart = opened.length - trailerBytes - hashBytes(hash);
  if (digestStart < 1) return false;
  const recovered = opened.subarray(1, digestStart);
  const expected = digest(hash, concatBytes(recovered, challenge));
  return equalBytes(expected, opened.subarray(digestStart, opened.length - trailerBytes));
}

function verifyEc(key: EcPublicKey, algorithm: string | null, challenge: Uint8Array, signature: Uint8Array): boolean {
  const isPlain = signature.length === 2 * key.curve.orderBytes;
  // The standard asks for the plain form; some chips answer in DER.
  const read = isPlain ? readPlainSignature(signature) : readDerSignature(signature);
  if (!read) return false;
  const named = algorithm === null ? undefined : PLAIN_ECDSA[algorithm];
  // Chips without ActiveAuthenticationInfo leave the hash to be guessed; whichever holds proves the key.
  const hashes: readonly HashName[] = named ? [named] : ['SHA-256', 'SHA-1', 'SHA-224', 'SHA-384', 'SHA-512'];
  return hashes.some((hash) => verifyEcdsa(key, hash, challenge, read));
}
