import { err, ok, type Result } from '../../../contract/result.ts';
import { findTlv, readTemplate, readTlv, readTlvs, type Tlv } from '../ber-tlv.ts';
import { bytesToBigInt, decodeOidValue } from '../der.ts';
import { type Curve, curveByOid, curveByParameters, curveByStandardizedId, decodePoint, encodePoint } from './curve.ts';
import type { EcPublicKey } from './ecdsa.ts';
import { isSaneRsaKey, type RsaPublicKey } from './rsa.ts';

/** A finite-field Diffie-Hellman key, used for chip authentication only. */
export interface DhPublicKey {
  readonly kind: 'dh';
  readonly p: bigint;
  readonly g: bigint;
  readonly y: bigint;
}

export type PublicKey = RsaPublicKey | EcPublicKey | DhPublicKey;

export interface PublicKeyError {
  readonly code: 'publicKeyMalformed' | 'publicKeyAlgorithmUnknown' | 'curveUnknown' | 'publicKeyOutOfRange';
}

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
const RSASSA_PSS = '1.2.840.113549.1.1.10';
const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const DH_KEY_AGREEMENT = '1.2.840.113549.1.3.1';
const DH_PUBLIC_NUMBER = '1.2.840.10046.2.1';
/** BSI TR-03110-3 §A.2.1.1: an INTEGER names the domain parameters. */
const STANDARDIZED_DOMAIN = '0.4.0.127.0.7.1.2';

const malformed = err<PublicKeyError>({ code: 'publicKeyMalformed' });
const outOfRange = err<PublicKeyError>({ code: 'publicKeyOutOfRange' });
const MAX_DH_BYTES = 1025;

/** Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 3279, RFC 5480, TR-03110 standardized domain parameters). */
export function readPublicKey(spki: Uint8Array): Result<PublicKey, PublicKeyError> {
  const outer = readTemplate(spki, 0x30);
  if (!outer.ok) return malformed;
  const [algorithm, bits] = outer.value;
  if (algorithm?.tag !== 0x30 || bits?.tag !== 0x03 || bits.value.length < 2 || bits.value[0] !== 0) return malformed;
  const parts = readTlvs(algorithm.value);
  if (!parts.ok) return malformed;
  const [oidPart, parameters] = parts.value;
  const oid = oidPart?.tag === 0x06 ? decodeOidValue(oidPart.value) : null;
  const key = bits.value.subarray(1);
  switch (oid) {
    case RSA_ENCRYPTION:
    case RSASSA_PSS:
      return readRsa(key);
    case EC_PUBLIC_KEY:
      return parameters ? readEc(readCurve(parameters), key) : malformed;
    case DH_KEY_AGREEMENT:
    case DH_PUBLIC_NUMBER:
      return parameters ? readDh(parameters, key) : malformed;
    case STANDARDIZED_DOMAIN:
      return parameters?.tag === 0x02 && parameters.value.length === 1
        ? readEc(curveByStandardizedId(parameters.value[0]!), key)
        : malformed;
    default:
      return err({ code: 'publicKeyAlgorithmUnknown' });
  }
}

function readRsa(key: Uint8Array): Result<PublicKey, PublicKeyError> {
  const parts = readTemplate(key, 0x30);
  if (!parts.ok) return malformed;
  const [modulus, exponent] = parts.value;
  if (modulus?.tag !== 0x02 || exponent?.tag !== 0x02 || modulus.value.length > 1025 || exponent.value.length > 9) {
    return malformed;
  }
  const rsa: RsaPublicKey = {
    kind: 'rsa',
    modulus: bytesToBigInt(modulus.value),
    exponent: bytesToBigInt(exponent.value),
  };
  return isSaneRsaKey(rsa) ? ok(rsa) : outOfRange;
}

/** The curve of ECParameters: a name, or explicit parameters that equal a known curve (RFC 3279 §2.3.5). */
function readCurve(parameters: Tlv): Curve | null {
  if (parameters.tag === 0x06) {
    const oid = decodeOidValue(parameters.value);
    return oid === null ? null : curveByOid(oid);
  }
  if (parameters.tag !== 0x30) return null;
  const parts = readTlvs(parameters.value);
  if (!parts.ok) return null;
  const [, field, equation, base, order] = parts.value;
  if (field?.tag !== 0x30 || equation?.tag !== 0x30 || base?.tag !== 0x04 || order?.tag !== 0x02) return null;
  const fieldParts = readTlvs(field.value);
  const equationParts = readTlvs(equation.value);
  if (!fieldParts.ok || !equationParts.ok) return null;
  const prime = findTlv(fieldParts.value, 0x02);
  const [a, b] = equationParts.value;
  if (!prime || a?.tag !== 0x04 || b?.tag !== 0x04 || base.value.length > 140) return null;
  if ([prime, a, b, order].some((part) => part.value.length > 70)) return null;
  return curveByParameters({
    p: bytesToBigInt(prime.value),
    a: bytesToBigInt(a.value),
    b: bytesToBigInt(b.value),
    n: bytesToBigInt(order.value),
    generator: base.value,
  });
}

function readEc(curve: Curve | null, key: Uint8Array): Result<PublicKey, PublicKeyError> {
  if (!curve) return err({ code: 'curveUnknown' });
  if (key.length > 2 * curve.fieldBytes + 1) return malformed;
  const point = decodePoint(curve, key);
  return point ? ok({ kind: 'ec', curve, point: encodePoint(point) }) : outOfRange;
}

function readDh(parameters: Tlv, key: Uint8Array): Result<PublicKey, PublicKeyError> {
  const domain = parameters.tag === 0x30 ? readTlvs(parameters.value) : malformed;
  const value = readTlv(key);
  if (!domain.ok || !value.ok || value.value.tag !== 0x02) return malformed;
  // PKCS #3 and X9.42 agree on the order p, g.
  const [p, g] = domain.value;
  if (p?.tag !== 0x02 || g?.tag !== 0x02) return malformed;
  if ([p, g, value.value].some((part) => part.value.length > MAX_DH_BYTES)) return malformed;
  const dh: DhPublicKey = {
    kind: 'dh',
    p: bytesToBigInt(p.value),
    g: bytesToBigInt(g.value),
    y: bytesToBigInt(value.value.value),
  };
  return dh.p > 1n << 1022n && dh.y > 1n && dh.y < dh.p - 1n ? ok(dh) : outOfRange;
}
