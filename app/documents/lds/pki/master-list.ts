import { err, ok, type Result } from '../../../contract/result.ts';
import { MASTER_LIST_LIMITS } from '../ber-structure.ts';
import { readTemplate, readTlvs } from '../ber-tlv.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { isSignedBy } from './chain.ts';
import { findSigner, readSignedData, verifySignedData } from './signed-data.ts';

const CSCA_MASTER_LIST_OID = '2.23.136.1.1.2';
/** Extended key usage of a master list signer (ICAO 9303-12 §7.1.1.3). */
const MASTER_LIST_SIGNER_OID = '2.23.136.1.1.3';
const MAX_CERTIFICATES = 5000;

export interface MasterList {
  readonly certificates: readonly Certificate[];
  /** Entries that are no readable certificate; the rest of the list stays usable. */
  readonly unreadable: number;
  readonly signer: Certificate;
  /** What an operator should know before trusting the list; empty when all is in order. */
  readonly warnings: readonly ('signerPurposeMissing' | 'signerChainUnknown')[];
}

export interface MasterListError {
  readonly code: 'masterListMalformed' | 'masterListSignerMissing' | 'masterListSignatureInvalid';
}

/**
 * Reads an ICAO or national master list (ICAO 9303-12 §8): CMS around `SEQUENCE { version, SET OF Certificate }`. A list
 * whose signature does not hold is refused whole: whoever changed one byte may have added one authority.
 */
export function readMasterList(bytes: Uint8Array): Result<MasterList, MasterListError> {
  const malformed = err<MasterListError>({ code: 'masterListMalformed' });
  const read = readSignedData(bytes, MASTER_LIST_LIMITS);
  if (!read.ok || read.value.contentType !== CSCA_MASTER_LIST_OID) return malformed;
  const parts = readTemplate(read.value.content, 0x30);
  const set = parts.ok ? parts.value.find((part) => part.tag === 0x31) : undefined;
  const entries = set ? readTlvs(set.value, MAX_CERTIFICATES) : null;
  if (!entries?.ok) return malformed;
  const signer = findSigner(read.value.signer, read.value.certificates);
  if (!signer) return err({ code: 'masterListSignerMissing' });
  if (!verifySignedData(read.value, signer).ok) return err({ code: 'masterListSignatureInvalid' });
  const certificates: Certificate[] = [];
  for (const entry of entries.value) {
    const certificate = readCertificate(entry.raw);
    if (certificate.ok) certificates.push(certificate.value);
  }
  const warnings: MasterList['warnings'][number][] = [];
  if (!signer.extendedKeyUsage?.includes(MASTER_LIST_SIGNER_OID)) warnings.push('signerPurposeMissing');
  const known = [...certificates, ...read.value.certificates];
  if (!known.some((issuer) => issuer !== signer && isSignedBy(signer, issuer))) warnings.push('signerChainUnknown');
  return ok({ certificates, unreadable: entries.value.length - certificates.length, signer, warnings });
}
