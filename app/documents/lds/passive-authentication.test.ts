import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ecKeyPair, rsaKeyPair, type SigningKey } from '../../../native-bridge/simulators/emrtd/key-pair.ts';
import { portraitBytes, SPECIMEN_LINES, seededRandom } from '../../../native-bridge/simulators/emrtd/specimen.ts';
import { issueDocument } from '../../../native-bridge/simulators/emrtd/test-document.ts';
import { TestIssuer } from '../../../native-bridge/simulators/emrtd/test-issuer.ts';
import { BUNDLED_DEFECTS, type DefectList, readDefectList } from './defects.ts';
import type { FileName } from './files.ts';
import { readLdsFolder } from './files-on-disk.ts';
import { mayCountrySignFor } from './issuing-states.ts';
import { authenticatePassively } from './passive-authentication.ts';
import { fingerprint, readCertificate } from './pki/certificate.ts';
import { importTrust } from './pki/trust-sources.ts';
import { TrustStore } from './pki/trust-store.ts';

const AT = new Date('2026-06-01T12:00:00Z');

function authenticate(
  files: ReadonlyMap<FileName, Uint8Array>,
  authority: Uint8Array | null,
  defects: DefectList = BUNDLED_DEFECTS,
  at = AT,
) {
  const store = new TrustStore();
  if (authority) importTrust(store, authority);
  const result = authenticatePassively({ files, unreadable: new Map(), store, defects, at });
  const outcomes = Object.fromEntries(
    result.checks.map(({ id, outcome, reason }) => [id, reason ? `${outcome} ${reason}` : outcome]),
  );
  return { result, outcomes };
}

function issue(
  seed: string,
  keys: { authorityKey?: SigningKey; signerKey?: SigningKey; signerPurposes?: string[]; country?: string } = {},
  more = {},
) {
  const random = seededRandom(seed);
  const issuer = new TestIssuer({ country: 'UT', random, at: AT, ...keys });
  const mrz = SPECIMEN_LINES.join('');
  return { issuer, files: issueDocument({ issuer, mrz, portrait: portraitBytes(500, random), ...more }) };
}

const ALL_PASSED = {
  sodSignature: 'passed',
  signerChain: 'passed',
  signerValidity: 'passed noRevocationList',
  sodMatchesCom: 'passed',
  dataGroupHashes: 'passed',
  issuingStateMatchesSigner: 'passed',
};

describe('algorithms in the field', () => {
  const random = seededRandom('keys');
  test.each<[string, () => SigningKey, () => SigningKey]>([
    ['RSA PKCS#1 SHA-256', () => rsaKeyPair(1024, 'SHA-256'), () => rsaKeyPair(1024, 'SHA-1')],
    ['RSA PSS', () => rsaKeyPair(1536, 'SHA-256', true), () => rsaKeyPair(1536, 'SHA-512', true)],
    [
      'brainpool, explicit',
      () => ecKeyPair('brainpoolP384r1', 'SHA-384', random, true),
      () => ecKeyPair('brainpoolP224r1', 'SHA-224', random, true),
    ],
    ['NIST P-521', () => ecKeyPair('secp521r1', 'SHA-512', random), () => ecKeyPair('secp384r1', 'SHA-384', random)],
  ])('%s', (name, authorityKey, signerKey) => {
    const { issuer, files } = issue(
      name,
      { authorityKey: authorityKey(), signerKey: signerKey() },
      { hash: 'SHA-512' },
    );
    expect(authenticate(files, issuer.authority).outcomes).toEqual(ALL_PASSED);
  });
});

test.each([
  ['signer named by key identifier', { byKeyId: true, indefinite: false }],
  ['indefinite lengths and a content in pieces', { byKeyId: false, indefinite: true }],
])('EF.SOD with %s', (name, cmsForm) => {
  const { issuer, files } = issue(name, {}, { cmsForm });
  expect(authenticate(files, issuer.authority).outcomes).toEqual(ALL_PASSED);
});

test('a changed byte in what is signed is never accepted', () => {
  const { issuer, files } = issue('bits');
  const sod = Buffer.from(files.get('SOD')!);
  // CMS leaves its own version, its list of digest algorithms and the spelling of the signer's name unsigned (RFC 5652 §5.4).
  const contentStart = sod.indexOf(Buffer.from('6781080101', 'hex'));
  const certificate = Buffer.from(issuer.signer.certificate);
  const certificateEnd = sod.indexOf(certificate) + certificate.length;
  for (let at = contentStart; at < certificateEnd; at += 5) {
    const changed = Uint8Array.from(sod);
    changed[at]! ^= 0x04;
    const { outcomes } = authenticate(new Map([...files, ['SOD', changed]]), issuer.authority);
    expect(outcomes, `byte ${at}`).not.toEqual(ALL_PASSED);
  }
  for (let back = 1; back < 120; back += 5) {
    const changed = Uint8Array.from(sod);
    changed[sod.length - back]! ^= 0x04;
    const { outcomes } = authenticate(new Map([...files, ['SOD', changed]]), issuer.authority);
    expect(outcomes.sodSignature, `byte -${back}`).not.toBe('passed');
  }
});

test('a list signer may not sign documents', () => {
  const { issuer, files } = issue('purpose', { signerPurposes: ['2.23.136.1.1.3'] });
  expect(authenticate(files, issuer.authority).outcomes.sodSignature).toBe('failed signerPurposeWrong');
});

test('a data group that EF.COM lists and EF.SOD does not is named', () => {
  const others = new Map([['DG12' as const, Uint8Array.of(0x6c, 0)]]);
  const { issuer, files } = issue('uncovered', {}, { others, uncovered: ['DG12'] });
  const { outcomes, result } = authenticate(files, issuer.authority);
  expect(outcomes).toMatchObject({
    sodMatchesCom: 'failed notCoveredBySod:DG12',
    dataGroupHashes: 'failed notCoveredBySod:DG12',
  });
  expect(result.dataGroups.find(({ name }) => name === 'DG12')).toMatchObject({
    outcome: 'failed',
    reason: 'notCoveredBySod',
  });
});

test('a defect list excuses exactly the deviation, state and signer that it names', () => {
  const { issuer, files } = issue('defect', { country: 'FR' });
  const certificate = readCertificate(issuer.signer.certificate);
  const signer = certificate.ok ? fingerprint(certificate.value) : '';
  const list = (entry: object) => {
    const read = readDefectList(
      JSON.stringify({
        version: 1,
        entries: [{ deviation: 'signerCountryWrong', issuingState: 'UTO', signers: null, source: 'test', ...entry }],
      }),
    );
    if (!read.ok) throw new Error(read.error.what);
    return authenticate(files, issuer.authority, read.value).outcomes.issuingStateMatchesSigner;
  };
  expect(list({ signers: [signer] })).toBe('passed signerCountryWrong');
  expect(list({})).toBe('passed signerCountryWrong');
  expect(list({ issuingState: 'XXX' })).toBe('failed signerCountryWrong');
  expect(list({ signers: ['0'.repeat(64)] })).toBe('failed signerCountryWrong');
  expect(readDefectList('{"version":2}')).toMatchObject({ ok: false });
  expect(readDefectList('nonsense')).toMatchObject({ ok: false, error: { what: 'not JSON' } });
});

test('states and signers', () => {
  expect(mayCountrySignFor('DE', 'D')).toBe(true);
  expect(mayCountrySignFor('CN', 'CHN')).toBe(true);
  expect(mayCountrySignFor('HK', 'CHN')).toBe(true);
  expect(mayCountrySignFor('FR', 'D')).toBe(false);
  expect(mayCountrySignFor('QQ', 'XYZ')).toBeNull();
});

test('files that are no files fail their checks and throw nothing', () => {
  const rubbish = new Map<FileName, Uint8Array>([
    ['SOD', Uint8Array.of(0x77, 3, 0x30, 1, 0)],
    ['COM', new Uint8Array(0)],
  ]);
  expect(authenticate(rubbish, null).outcomes).toMatchObject({
    sodSignature: 'failed cmsMalformed',
    signerChain: 'notDone cmsMalformed',
  });
  expect(authenticate(new Map(), null).outcomes).toMatchObject({ sodSignature: 'notDone sodAbsent' });
});

const BSI = fileURLToPath(new URL('../../../../shared/data/emrtd/bsi2008', import.meta.url));
const hasSamples = existsSync(BSI);
if (!hasSamples) process.stderr.write('skipped: no published sample chip beside the repository\n');

describe.skipIf(!hasSamples)('published sample chip of 2008', () => {
  test('signature and hashes hold, DG15 is not covered, the issuer is unknown', () => {
    const { files } = readLdsFolder(BSI);
    const { outcomes, result } = authenticate(files, null, BUNDLED_DEFECTS, new Date('2008-06-01'));
    expect(outcomes).toMatchObject({
      sodSignature: 'passed',
      signerChain: 'failed unknownIssuer',
      dataGroupHashes: 'failed notCoveredBySod:DG15',
      sodMatchesCom: 'passed',
      issuingStateMatchesSigner: 'passed',
    });
    const group = (name: string) => result.dataGroups.find((one) => one.name === name)?.outcome;
    expect(['DG1', 'DG2', 'DG14', 'DG15'].map(group)).toEqual(['passed', 'passed', 'passed', 'failed']);
  });
});
