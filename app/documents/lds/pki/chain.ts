import { err, ok, type Result } from '../../../contract/result.ts';
import { readPublicKey } from '../crypto/public-key.ts';
import { readSignatureScheme, verifySignature } from '../crypto/signature.ts';
import { type Certificate, isSelfIssued } from './certificate.ts';
import type { RevocationList } from './revocation-list.ts';
import type { TrustStore } from './trust-store.ts';

export type ChainErrorCode = 'unknownIssuer' | 'issuerSignatureInvalid' | 'chainTooLong' | 'criticalExtensionUnknown';

export interface ChainError {
  readonly code: ChainErrorCode;
}

/** From the signer to the self-signed country certificate, link certificates between them. */
export type Chain = readonly [Certificate, ...Certificate[]];

/** States renew their CSCA every few years; ten links are thirty years and more. */
const MAX_LINKS = 10;
const MAX_ATTEMPTS = 64;

/** True where `issuer`'s key signed the certificate or revocation list. */
export function isSignedBy(
  signed: Pick<Certificate, 'tbs' | 'signature' | 'signatureAlgorithm'>,
  issuer: Certificate,
): boolean {
  const key = readPublicKey(issuer.subjectPublicKeyInfo);
  const scheme = readSignatureScheme(signed.signatureAlgorithm);
  return key.ok && scheme.ok && verifySignature(scheme.value, key.value, signed.tbs, signed.signature, null).ok;
}

/**
 * Finds the way from a signer to a self-signed authority of the store (ICAO 9303-12 §4). Names and key identifiers only
 * propose; a signature decides each step. Validity is judged apart (validity.ts), so that an expired chain is told from none.
 */
export function buildChain(signer: Certificate, store: TrustStore): Result<Chain, ChainError> {
  if (signer.unknownCritical.length > 0) return err({ code: 'criticalExtensionUnknown' });
  const search = { attempts: 0, sawNamed: false, sawDepth: false };
  const chain = extend([signer], store, search);
  if (chain) return ok(chain);
  if (search.sawDepth) return err({ code: 'chainTooLong' });
  return err({ code: search.sawNamed ? 'issuerSignatureInvalid' : 'unknownIssuer' });
}

interface Search {
  attempts: number;
  /** An authority of the issuer's very name was there. */
  sawNamed: boolean;
  sawDepth: boolean;
}

function extend(chain: Chain, store: TrustStore, search: Search): Chain | null {
  const last = chain[chain.length - 1]!;
  // A signer is never its own anchor, even where it claims to be: anchors come from the store.
  if (chain.length > 1 && isSelfIssued(last) && isSignedBy(last, last)) return chain;
  if (chain.length > MAX_LINKS) {
    search.sawDepth = true;
    return null;
  }
  for (const candidate of store.issuerCandidates(last)) {
    if (chain.includes(candidate) || candidate.unknownCritical.length > 0) continue;
    if (candidate.keyUsage && !candidate.keyUsage.certificateSign) continue;
    search.sawNamed ||= candidate.subject.canonical === last.issuer.canonical;
    if (++search.attempts > MAX_ATTEMPTS) return null;
    if (!isSignedBy(last, candidate)) continue;
    const found = extend([...chain, candidate], store, search);
    if (found) return found;
  }
  return null;
}

export type ValidityErrorCode =
  | 'signerNotYetValid'
  | 'signerExpired'
  | 'authorityNotYetValid'
  | 'authorityExpired'
  | 'signerRevoked'
  | 'authorityRevoked';

export type Revocation = 'good' | 'noRevocationList' | 'revocationListInvalid' | 'revocationListStale';

/** Judges every certificate of a chain at the moment of reading. `revocation` says how much the lists could tell. */
export function judgeChain(
  chain: Chain,
  store: TrustStore,
  at: Date,
): Result<{ readonly revocation: Revocation }, { readonly code: ValidityErrorCode }> {
  let revocation: Revocation = 'good';
  for (const [index, certificate] of chain.entries()) {
    const isSigner = index === 0;
    if (at < certificate.notBefore) return err({ code: isSigner ? 'signerNotYetValid' : 'authorityNotYetValid' });
    if (at > certificate.notAfter) return err({ code: isSigner ? 'signerExpired' : 'authorityExpired' });
    const issuer = chain[index + 1];
    if (!issuer) continue;
    const list = store.revocationList(issuer);
    const state = judgeList(list, issuer, at);
    // A list that its issuer did not sign says nothing; a stale one still names what was revoked before it went stale.
    if (list && state !== 'revocationListInvalid' && list.revoked.has(certificate.serialNumber)) {
      return err({ code: isSigner ? 'signerRevoked' : 'authorityRevoked' });
    }
    if (isSigner) revocation = state;
  }
  return ok({ revocation });
}

function judgeList(list: RevocationList | null, issuer: Certificate, at: Date): Revocation {
  if (!list) return 'noRevocationList';
  if (!isSignedBy(list, issuer)) return 'revocationListInvalid';
  return list.nextUpdate && at > list.nextUpdate ? 'revocationListStale' : 'good';
}
