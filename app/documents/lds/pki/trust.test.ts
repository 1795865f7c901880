import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeCertificate } from '../../../../native-bridge/simulators/emrtd/certificate-writer.ts';
import { ecKeyPair } from '../../../../native-bridge/simulators/emrtd/key-pair.ts';
import { seededRandom } from '../../../../native-bridge/simulators/emrtd/specimen.ts';
import { TestIssuer } from '../../../../native-bridge/simulators/emrtd/test-issuer.ts';
import { unwrap } from '../../../contract/result.ts';
import { CMS_LIMITS } from '../ber-structure.ts';
import { readCertificate } from './certificate.ts';
import { buildChain, judgeChain } from './chain.ts';
import { readMasterList } from './master-list.ts';
import { readRevocationList } from './revocation-list.ts';
import { readSignedData } from './signed-data.ts';
import { importTrustPath } from './trust-files.ts';
import { importTrust } from './trust-sources.ts';
import { TrustStore } from './trust-store.ts';

const AT = new Date('2026-06-01T12:00:00Z');
const newIssuer = (country = 'UT', seed = country) => new TestIssuer({ country, random: seededRandom(seed), at: AT });
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

describe('certificates', () => {
  test('ours and an independent reader see the same', () => {
    const der = newIssuer().signer.certificate;
    const ours = unwrap(readCertificate(der));
    const theirs = new X509Certificate(Buffer.from(der));
    expect(ours.serialNumber).toBe(theirs.serialNumber.toLowerCase());
    expect(ours.notBefore).toEqual(new Date(theirs.validFrom));
    expect(ours.notAfter).toEqual(new Date(theirs.validTo));
    const key = theirs.publicKey.export({ format: 'der', type: 'spki' });
    expect(Buffer.compare(ours.subjectPublicKeyInfo, key)).toBe(0);
    expect(theirs.verify(new X509Certificate(Buffer.from(newIssuer().authority)).publicKey)).toBe(true);
    expect(theirs.subject).toContain(ours.subject.commonName);
    expect(ours.subject.country).toBe('UT');
    expect(ours.keyUsage).toEqual({ digitalSignature: true, certificateSign: false, crlSign: false });
  });

  test('any single changed byte is refused, or breaks the signature', () => {
    const issuer = newIssuer();
    const store = new TrustStore();
    importTrust(store, issuer.authority);
    const der = issuer.signer.certificate;
    for (let at = 0; at < der.length; at += 7) {
      const changed = Uint8Array.from(der);
      changed[at]! ^= 0x01;
      const read = readCertificate(changed);
      expect(read.ok && buildChain(read.value, store).ok, `byte ${at}`).toBe(false);
    }
  });

  test('an unknown critical extension stops the chain', () => {
    const issuer = newIssuer();
    const store = new TrustStore();
    importTrust(store, issuer.authority);
    const certificate = { ...unwrap(readCertificate(issuer.signer.certificate)), unknownCritical: ['1.2.3'] };
    expect(buildChain(certificate, store)).toMatchObject({ error: { code: 'criticalExtensionUnknown' } });
  });

  test('readers of certificates, lists and CMS never throw', () => {
    const seeds = [newIssuer().signer.certificate, newIssuer().revocationList(true)];
    const edits = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...seeds), edits, (seed, changes) => {
        const bytes = Uint8Array.from(seed);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        readCertificate(bytes);
        readRevocationList(bytes);
        readSignedData(bytes, CMS_LIMITS);
      }),
      { numRuns: 200 },
    );
  });
});

describe('chains', () => {
  test('a link certificate leads from the new authority to the old one that is trusted', () => {
    const old = newIssuer();
    const { link, successor } = old.renewAuthority();
    const store = new TrustStore();
    importTrust(store, old.authority);
    const signer = unwrap(readCertificate(successor.signer.certificate));
    expect(buildChain(signer, store)).toMatchObject({ ok: false });
    importTrust(store, link);
    const chain = unwrap(buildChain(signer, store));
    expect(chain).toHaveLength(3);
    expect(judgeChain(chain, store, AT)).toMatchObject({ ok: true });
  });

  test('an authority with the right name and the wrong key issues nothing', () => {
    const store = new TrustStore();
    importTrust(store, newIssuer('UT', 'impostor').authority);
    const signer = unwrap(readCertificate(newIssuer('UT', 'genuine').signer.certificate));
    const chain = buildChain(signer, store);
    expect(chain.ok).toBe(false);
    expect(!chain.ok && ['issuerSignatureInvalid', 'unknownIssuer']).toContain(!chain.ok && chain.error.code);
  });

  test('a document signer in the store is no authority, however self-signed', () => {
    const random = seededRandom('self');
    const key = ecKeyPair('secp256r1', 'SHA-256', random);
    const name = { country: 'UT', commonName: 'self made' };
    const times = { notBefore: new Date('2025-01-01'), notAfter: new Date('2030-01-01') };
    const request = {
      serialNumber: 1,
      subject: name,
      issuer: name,
      ...times,
      extendedKeyUsage: [],
      subjectKey: key,
      issuerKey: key,
    };
    const der = writeCertificate({ ...request, isAuthority: false });
    const store = new TrustStore();
    importTrust(store, der);
    expect(store.counts()).toMatchObject({ authorities: 0, documentSigners: 1 });
    expect(buildChain(unwrap(readCertificate(der)), store)).toMatchObject({ error: { code: 'unknownIssuer' } });
  });

  test('validity is judged at the moment of reading', () => {
    const issuer = newIssuer();
    const store = new TrustStore();
    importTrust(store, issuer.authority);
    const chain = unwrap(buildChain(unwrap(readCertificate(issuer.signer.certificate)), store));
    const judge = (day: string) => judgeChain(chain, store, new Date(day));
    expect(judge('2020-01-01')).toMatchObject({ error: { code: 'signerNotYetValid' } });
    expect(judge('2060-01-01')).toMatchObject({ error: { code: 'signerExpired' } });
    expect(judge('2026-06-01')).toMatchObject({ ok: true, value: { revocation: 'noRevocationList' } });
  });

  test('a revocation list that the authority did not sign says nothing; a stale one still revokes', () => {
    const issuer = newIssuer();
    const signer = unwrap(readCertificate(issuer.signer.certificate));
    const forged = new TrustStore();
    importTrust(forged, issuer.authority);
    importTrust(forged, newIssuer('UT', 'other').revocationList(true));
    const chain = unwrap(buildChain(signer, forged));
    expect(judgeChain(chain, forged, AT)).toMatchObject({ ok: true, value: { revocation: 'revocationListInvalid' } });
    const stale = new TrustStore();
    importTrust(stale, issuer.authority);
    importTrust(stale, issuer.revocationList(true));
    expect(judgeChain(chain, stale, new Date('2027-06-01'))).toMatchObject({ error: { code: 'signerRevoked' } });
  });
});

describe('sources', () => {
  const [one, two, three] = [newIssuer('UT'), newIssuer('DE'), newIssuer('FR')];

  test('a master list brings its authorities; a changed byte refuses it whole', () => {
    const list = one.masterList([one.authority, two.authority, three.authority]);
    const read = unwrap(readMasterList(list));
    expect(read.certificates.map(({ subject }) => subject.country).sort()).toEqual(['DE', 'FR', 'UT']);
    expect(read.warnings).toEqual([]);
    const changed = Uint8Array.from(list);
    changed[300]! ^= 1;
    expect(readMasterList(changed).ok).toBe(false);
    expect(importTrust(new TrustStore(), changed)).toMatchObject({ certificates: 0, masterLists: 0 });
  });

  test('a list as long as the longest is read whole, in time and memory that a lane has', () => {
    const many = Array.from({ length: 700 }, (_, index) => {
      const certificate = Uint8Array.from(one.authority);
      certificate.set([index >> 8, index & 0xff], certificate.length - 2);
      return certificate;
    });
    const list = one.masterList(many);
    const startMs = performance.now();
    expect(unwrap(readMasterList(list)).certificates).toHaveLength(700);
    // Some 150 ms; a tree of all of it took two seconds.
    expect(performance.now() - startMs).toBeLessThan(1500);
  });

  test('a list signed by somebody who is no list signer is named', () => {
    const read = unwrap(readMasterList(one.masterList([two.authority])));
    expect(read.warnings).toEqual(['signerChainUnknown']);
  });

  test('a PKD LDIF brings certificates, revocation lists and master lists, folded lines and all', () => {
    const fold = (text: string) => text.replaceAll(/(.{76})(?=.)/g, '$1\n ');
    const entry = (name: string, bytes: Uint8Array) =>
      `dn: cn=x,c=UT\nobjectClass: top\n${fold(`${name}:: ${base64(bytes)}`)}\n\n`;
    const ldif = `version: 1\n\n${entry('userCertificate;binary', one.signer.certificate)}${entry('certificateRevocationList;binary', one.revocationList(false))}${entry('pkdMasterListContent', two.masterList([one.authority, two.authority]))}`;
    const store = new TrustStore();
    const report = importTrust(store, Buffer.from(ldif));
    expect(report).toMatchObject({ kind: 'ldif', certificates: 3, revocationLists: 1, masterLists: 1 });
    expect(store.counts()).toEqual({ authorities: 2, documentSigners: 1, revocationLists: 1, countries: 2 });
    const windows = importTrust(new TrustStore(), Buffer.from(ldif.replaceAll('\n', '\r\n')));
    expect(windows).toMatchObject({ certificates: 3, revocationLists: 1 });
  });

  test('PEM, duplicates and rubbish are told apart', () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${base64(one.authority)}\n-----END CERTIFICATE-----\n`;
    const store = new TrustStore();
    expect(importTrust(store, Buffer.from(pem))).toMatchObject({ kind: 'pem', certificates: 1 });
    expect(importTrust(store, one.authority)).toMatchObject({ kind: 'certificate', certificates: 0, duplicates: 1 });
    expect(importTrust(store, Buffer.from('hello'))).toMatchObject({
      kind: 'unknown',
      problems: ['masterListMalformed'],
    });
  });

  test('a folder is read with its subfolders; a missing path is an error', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trust-'));
    try {
      mkdirSync(join(folder, 'sub'));
      writeFileSync(join(folder, 'a.cer'), one.authority);
      writeFileSync(join(folder, 'sub', 'b.ml'), two.masterList([two.authority]));
      const store = new TrustStore();
      expect(unwrap(importTrustPath(store, folder))).toHaveLength(2);
      expect(store.counts().authorities).toBe(2);
      expect(importTrustPath(store, join(folder, 'none'))).toMatchObject({ error: { code: 'trustPathUnreadable' } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
