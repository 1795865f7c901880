import type { CipherName } from './crypto/block-cipher.ts';

/** What a PACE or chip-authentication object identifier stands for (ICAO 9303-11 §9.2.3, §9.2.7). */
export interface PaceProtocol {
  readonly oid: string;
  readonly agreement: 'dh' | 'ecdh';
  readonly mapping: 'generic' | 'integrated' | 'chipAuthentication';
  readonly cipher: CipherName;
}

const PACE = '0.4.0.127.0.7.2.2.4.';
const CHIP_AUTHENTICATION = '0.4.0.127.0.7.2.2.3.';
const CIPHERS: readonly CipherName[] = ['3DES', 'AES-128', 'AES-192', 'AES-256'];
const MAPPINGS: Readonly<Record<string, Pick<PaceProtocol, 'agreement' | 'mapping'>>> = {
  '1': { agreement: 'dh', mapping: 'generic' },
  '2': { agreement: 'ecdh', mapping: 'generic' },
  '3': { agreement: 'dh', mapping: 'integrated' },
  '4': { agreement: 'ecdh', mapping: 'integrated' },
  '6': { agreement: 'ecdh', mapping: 'chipAuthentication' },
};

export function paceProtocol(oid: string): PaceProtocol | null {
  if (!oid.startsWith(PACE)) return null;
  const [mapping, cipher, ...rest] = oid.slice(PACE.length).split('.');
  const kind = MAPPINGS[mapping ?? ''];
  const name = CIPHERS[Number(cipher) - 1];
  // There is no chip-authentication mapping with 3DES.
  if (!kind || !name || rest.length > 0 || (kind.mapping === 'chipAuthentication' && name === '3DES')) return null;
  return { oid, ...kind, cipher: name };
}

export interface ChipAuthenticationProtocol {
  readonly oid: string;
  readonly agreement: 'dh' | 'ecdh';
  readonly cipher: CipherName;
}

export function chipAuthenticationProtocol(oid: string): ChipAuthenticationProtocol | null {
  if (!oid.startsWith(CHIP_AUTHENTICATION)) return null;
  const [agreement, cipher, ...rest] = oid.slice(CHIP_AUTHENTICATION.length).split('.');
  const name = CIPHERS[Number(cipher) - 1];
  if ((agreement !== '1' && agreement !== '2') || !name || rest.length > 0) return null;
  return { oid, agreement: agreement === '1' ? 'dh' : 'ecdh', cipher: name };
}
