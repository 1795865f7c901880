import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../native-bridge/simulators/emrtd/specimen.ts';
import { TestIssuer } from '../../../../native-bridge/simulators/emrtd/test-issuer.ts';
import { unwrap } from '../../../contract/result.ts';
import { CMS_LIMITS } from '../ber-structure.ts';
import { digest } from '../crypto/digest.ts';
import { LDS_SECURITY_OBJECT_OID, readSecurityObject, writeSecurityObject } from '../security-object.ts';
import { buildChain, judgeChain } from './chain.ts';
import { findSigner, readSignedData, verifySignedData } from './signed-data.ts';
import { importTrust } from './trust-sources.ts';
import { TrustStore } from './trust-store.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) process.stderr.write('skipped: no openssl command to sign security objects independently\n');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openssl-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const openssl = (...args: string[]): Buffer =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
const file = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
const EC = (curve: string, encoding = 'named_curve') => [
  '-algorithm',
  'EC',
  '-pkeyopt',
  `ec_paramgen_curve:${curve}`,
  '-pkeyopt',
  `ec_param_enc:${encoding}`,
];
const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const PSS = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:32'];

interface Issue {
  readonly authority: readonly string[];
  readonly signer: readonly string[];
  readonly hash: string;
  /** Options of the certificates' and the CMS signature. */
  readonly certificateOptions?: readonly string[];
  readonly cmsOptions?: readonly string[];
}

/** A country made with the command line of OpenSSL: CSCA, document signer, signed security object. */
function issue({ authority, signer, hash, certificateOptions = [], cmsOptions = [] }: Issue) {
  openssl('genpkey', ...authority, '-out', 'csca.key');
  openssl('genpkey', ...signer, '-out', 'ds.key');
  openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    'csca.key',
    `-${hash}`,
    ...certificateOptions,
    '-subj',
    '/C=UT/O=Utopia/CN=CSCA',
    '-days',
    '3650',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
    '-outform',
    'DER',
    '-out',
    'csca.cer',
  );
  openssl('x509', '-inform', 'DER', '-in', 'csca.cer', '-out', 'csca.pem');
  openssl('req', '-new', '-key', 'ds.key', '-subj', '/C=UT/O=Utopia/CN=DS 1', '-out', 'ds.csr');
  writeFileSync(
    join(folder, 'ds.ext'),
    'keyUsage=critical,digitalSignature\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n',
  );
  openssl(
    'x509',
    '-req',
    '-in',
    'ds.csr',
    '-CA',
    'csca.pem',
    '-CAkey',
    'csca.key',
    '-CAcreateserial',
    `-${hash}`,
    ...certificateOptions,
    '-days',
    '1000',
    '-extfile',
    'ds.ext',
    '-out',
    'ds.pem',
  );
  const hashes = new Map([[1, digest('SHA-256', Uint8Array.of(1))]]);
  writeFileSync(join(folder, 'object.bin'), writeSecurityObject('SHA-256', hashes));
  openssl(
    'cms',
    '-sign',
    '-in',
    'object.bin',
    '-binary',
    '-nodetach',
    '-econtent_type',
    LDS_SECURITY_OBJECT_OID,
    '-signer',
    'ds.pem',
    '-inkey',
    'ds.key',
    '-md',
    hash,
    ...cmsOptions,
    '-outform',
    'DER',
    '-out',
    'sod.der',
  );
}

const sha256 = 'sha256';
describe.skipIf(!hasOpenssl)('security objects signed by OpenSSL', () => {
  test.each<[string, Issue]>([
    ['RSA PKCS#1', { authority: RSA, signer: RSA, hash: sha256 }],
    ['RSA PKCS#1 with SHA-1', { authority: RSA, signer: RSA, hash: 'sha1' }],
    [
      'RSA PSS',
      {
        authority: RSA,
        signer: RSA,
        hash: sha256,
        certificateOptions: PSS,
        cmsOptions: ['-keyopt', 'rsa_padding_mode:pss'],
      },
    ],
    ['ECDSA brainpool', { authority: EC('brainpoolP384r1'), signer: EC('brainpoolP256r1'), hash: 'sha384' }],
    [
      'ECDSA, explicit parameters',
      { authority: EC('brainpoolP256r1', 'explicit'), signer: EC('P-384', 'explicit'), hash: sha256 },
    ],
    ['ECDSA P-521, SHA-512', { authority: EC('P-521'), signer: EC('P-256'), hash: 'sha512' }],
    ['signer by key identifier', { authority: RSA, signer: EC('P-256'), hash: sha256, cmsOptions: ['-keyid'] }],
    ['indefinite lengths', { authority: RSA, signer: EC('P-256'), hash: sha256, cmsOptions: ['-stream'] }],
    ['no signed attributes', { authority: RSA, signer: RSA, hash: sha256, cmsOptions: ['-noattr'] }],
  ])('%s', (_name, request) => {
    issue(request);
    const data = unwrap(readSignedData(file('sod.der'), CMS_LIMITS));
    expect(data.contentType).toBe(LDS_SECURITY_OBJECT_OID);
    expect(unwrap(readSecurityObject(data.content)).hashes.size).toBe(1);
    const signer = findSigner(data.signer, data.certificates)!;
    expect(verifySignedData(data, signer)).toMatchObject({ ok: true });
    expect(verifySignedData({ ...data, content: Uint8Array.of(0) }, signer)).toMatchObject({ ok: false });
    const store = new TrustStore();
    importTrust(store, file('csca.cer'));
    const chain = unwrap(buildChain(signer, store));
    expect(judgeChain(chain, store, new Date())).toMatchObject({ ok: true });
  });

  test('OpenSSL accepts what our test issuer writes: chain, revocation list and master list', () => {
    const issuer = new TestIssuer({ country: 'UT', random: seededRandom('openssl'), at: new Date() });
    writeFileSync(join(folder, 'own.cer'), issuer.authority);
    writeFileSync(join(folder, 'own-ds.cer'), issuer.signer.certificate);
    writeFileSync(join(folder, 'own.crl'), issuer.revocationList(false));
    writeFileSync(join(folder, 'own.ml'), issuer.masterList([issuer.authority]));
    for (const name of ['own', 'own-ds'])
      openssl('x509', '-inform', 'DER', '-in', `${name}.cer`, '-out', `${name}.pem`);
    openssl('crl', '-inform', 'DER', '-in', 'own.crl', '-out', 'own-crl.pem');
    const verified = openssl('verify', '-CAfile', 'own.pem', '-crl_check', '-CRLfile', 'own-crl.pem', 'own-ds.pem');
    expect(verified.toString()).toContain('own-ds.pem: OK');
    openssl(
      'cms',
      '-verify',
      '-inform',
      'DER',
      '-in',
      'own.ml',
      '-CAfile',
      'own.pem',
      '-purpose',
      'any',
      '-out',
      'list.bin',
    );
    expect(file('list.bin').length).toBeGreaterThan(300);
  });
});
