import { readCertificate } from './certificate.ts';
import { isLdif, MAX_LDIF_BYTES, readLdif } from './ldif.ts';
import { readMasterList } from './master-list.ts';
import { readRevocationList } from './revocation-list.ts';
import type { TrustStore } from './trust-store.ts';

/** What one source gave; shown to whoever imports it. */
export interface ImportReport {
  readonly kind: 'certificate' | 'revocationList' | 'masterList' | 'ldif' | 'pem' | 'unknown';
  readonly certificates: number;
  readonly duplicates: number;
  readonly revocationLists: number;
  readonly masterLists: number;
  /** Codes of parts that were refused, and warnings; never silently dropped. */
  readonly problems: readonly string[];
}

interface Tally {
  certificates: number;
  duplicates: number;
  revocationLists: number;
  masterLists: number;
  readonly problems: string[];
}

/** Fills the store from one file's bytes: a certificate or CRL in DER or PEM, a PKD LDIF, or a master list, told by content. */
export function importTrust(store: TrustStore, bytes: Uint8Array): ImportReport {
  const tally: Tally = { certificates: 0, duplicates: 0, revocationLists: 0, masterLists: 0, problems: [] };
  if (bytes.length > MAX_LDIF_BYTES) {
    tally.problems.push('trustSourceTooLarge');
    return { kind: 'unknown', ...tally };
  }
  return { kind: importAny(store, bytes, tally), ...tally };
}

function importAny(store: TrustStore, bytes: Uint8Array, tally: Tally): ImportReport['kind'] {
  if (isLdif(bytes)) {
    const entries = readLdif(bytes);
    for (const der of entries.certificates) addCertificate(store, der, tally);
    for (const der of entries.revocationLists) addRevocationList(store, der, tally);
    for (const der of entries.masterLists) addMasterList(store, der, tally);
    return 'ldif';
  }
  const pem = readPem(bytes);
  if (pem) {
    for (const der of pem) importDer(store, der, tally);
    return 'pem';
  }
  return importDer(store, bytes, tally);
}

function importDer(store: TrustStore, der: Uint8Array, tally: Tally): ImportReport['kind'] {
  if (readCertificate(der).ok) {
    addCertificate(store, der, tally);
    return 'certificate';
  }
  if (readRevocationList(der).ok) {
    addRevocationList(store, der, tally);
    return 'revocationList';
  }
  const before = tally.masterLists;
  addMasterList(store, der, tally);
  return tally.masterLists > before ? 'masterList' : 'unknown';
}

function addCertificate(store: TrustStore, der: Uint8Array, tally: Tally): void {
  const read = readCertificate(der);
  if (!read.ok) tally.problems.push(read.error.code);
  else if (store.add(read.value)) tally.certificates++;
  else tally.duplicates++;
}

function addRevocationList(store: TrustStore, der: Uint8Array, tally: Tally): void {
  const read = readRevocationList(der);
  if (!read.ok) {
    tally.problems.push(read.error.code);
    return;
  }
  store.addRevocationList(read.value);
  tally.revocationLists++;
}

function addMasterList(store: TrustStore, der: Uint8Array, tally: Tally): void {
  const read = readMasterList(der);
  if (!read.ok) {
    tally.problems.push(read.error.code);
    return;
  }
  tally.masterLists++;
  tally.problems.push(...read.value.warnings);
  if (read.value.unreadable > 0) tally.problems.push('certificateMalformed');
  for (const certificate of read.value.certificates) {
    if (store.add(certificate)) tally.certificates++;
    else tally.duplicates++;
  }
}

function readPem(bytes: Uint8Array): readonly Uint8Array[] | null {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  if (!head.includes('-----BEGIN ')) return null;
  const text = Buffer.from(bytes).toString('latin1');
  const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]{3,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g);
  return [...blocks].map(([, , body]) => new Uint8Array(Buffer.from(body!, 'base64')));
}
