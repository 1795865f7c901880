import { describe, expect, test } from 'vitest';
import { cardChannel, INSTANT_LINK, type LinkOptions } from '../../../native-bridge/simulators/emrtd/card-link.ts';
import { dhKeyPair, ecKeyPair, rsaKeyPair } from '../../../native-bridge/simulators/emrtd/key-pair.ts';
import {
  SPECIMEN_KEY,
  SPECIMEN_LINES,
  type SpecimenRequest,
  seededRandom,
  specimen,
} from '../../../native-bridge/simulators/emrtd/specimen.ts';
import { TestIssuer } from '../../../native-bridge/simulators/emrtd/test-issuer.ts';
import { BUNDLED_DEFECTS } from '../lds/defects.ts';
import { importTrust } from '../lds/pki/trust-sources.ts';
import { TrustStore } from '../lds/pki/trust-store.ts';
import type { AccessKey } from './access-key.ts';
import { judgeChip } from './chip-verdict.ts';
import { ALL_OPEN_DATA_GROUPS, type ChipReading, DEFAULT_MAX_FILE_BYTES, readChip } from './read-chip.ts';

const AT = new Date('2026-06-01T12:00:00Z');
const EXTENDED: LinkOptions = { ...INSTANT_LINK, maxCommandLength: 4096, maxResponseLength: 4096 };

interface Setup extends Partial<SpecimenRequest> {
  readonly link?: Partial<LinkOptions>;
  readonly key?: AccessKey;
  readonly trust?: (store: TrustStore, issuer: TestIssuer) => void;
}

async function readSpecimen(setup: Setup = {}) {
  const random = seededRandom(expect.getState().currentTestName ?? 'chip');
  const made = specimen({ random, at: AT, ...setup });
  const reading = await readChip({
    channel: cardChannel(made.card, { ...INSTANT_LINK, ...setup.link }),
    key: setup.key ?? SPECIMEN_KEY,
    random,
    nowMs: () => 0,
    dataGroups: ALL_OPEN_DATA_GROUPS,
    maxFileBytes: DEFAULT_MAX_FILE_BYTES,
    onProgress: () => undefined,
    signal: null,
  });
  const store = new TrustStore();
  const trust = setup.trust ?? ((to, issuer) => importTrust(to, issuer.authority));
  trust(store, made.issuer);
  const verdict = judgeChip({ reading, printedMrz: SPECIMEN_LINES, store, defects: BUNDLED_DEFECTS, at: AT });
  const outcomes = Object.fromEntries(
    verdict.checks.map(({ id, outcome, reason }) => [id, reason === null ? outcome : `${outcome} ${reason}`]),
  );
  return { made, reading, verdict, outcomes };
}

function expectAllFiles(reading: ChipReading, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of reading.files) {
    expect(Buffer.compare(bytes, files.get(name)!), `${name} as issued`).toBe(0);
  }
}

const GENUINE = {
  mrzMatchesChip: 'passed',
  sodSignature: 'passed',
  signerChain: 'passed',
  signerValidity: 'passed noRevocationList',
  sodMatchesCom: 'passed',
  dataGroupHashes: 'passed',
  issuingStateMatchesSigner: 'passed',
};

test('a BAC chip without a chip key is read and passes every check that it supports', async () => {
  const { reading, outcomes, made } = await readSpecimen();
  expect(outcomes).toEqual({ ...GENUINE, chipAccess: 'passed', chipAuthenticity: 'notSupported noChipKey' });
  expect([...reading.files.keys()]).toEqual(['COM', 'SOD', 'DG1', 'DG2']);
  expectAllFiles(reading, made.files);
});

const ECDH = [
  ['ECDH generic, 3DES, P-256', '0.4.0.127.0.7.2.2.4.2.1', 12],
  ['ECDH generic, AES-128, brainpool P-256', '0.4.0.127.0.7.2.2.4.2.2', 13],
  ['ECDH generic, AES-192, P-384', '0.4.0.127.0.7.2.2.4.2.3', 15],
  ['ECDH generic, AES-256, brainpool P-512', '0.4.0.127.0.7.2.2.4.2.4', 17],
  ['ECDH integrated, AES-128, brainpool P-256', '0.4.0.127.0.7.2.2.4.4.2', 13],
  ['ECDH integrated, AES-256, P-256', '0.4.0.127.0.7.2.2.4.4.4', 12],
  ['ECDH integrated, 3DES, brainpool P-320', '0.4.0.127.0.7.2.2.4.4.1', 14],
  ['DH generic, AES-128, 1024 bit', '0.4.0.127.0.7.2.2.4.1.2', 0],
  ['DH integrated, AES-192, 1024 bit', '0.4.0.127.0.7.2.2.4.3.3', 0],
] as const;

describe('PACE', () => {
  test.each(ECDH)('%s', async (_name, oid, parameterId) => {
    const pace = [{ oid, parameterId }];
    const { reading, outcomes, made } = await readSpecimen({ document: { pace }, card: { pace, bac: false } });
    expect(reading.access).toMatchObject({ protocol: 'PACE', pace: { oid }, parameterId });
    expect(outcomes).toMatchObject({ ...GENUINE, chipAccess: 'passed' });
    expectAllFiles(reading, made.files);
  });

  test('a 2048-bit group over a short channel goes by command chaining and GET RESPONSE', async () => {
    const pace = [{ oid: '0.4.0.127.0.7.2.2.4.1.2', parameterId: 1 }];
    const { outcomes } = await readSpecimen({ document: { pace }, card: { pace, bac: false } });
    expect(outcomes).toMatchObject({ ...GENUINE, chipAccess: 'passed' });
  });

  test('over a long channel it goes in one extended command', async () => {
    const pace = [{ oid: '0.4.0.127.0.7.2.2.4.1.2', parameterId: 2 }];
    const { outcomes } = await readSpecimen({ document: { pace }, card: { pace, bac: false }, link: EXTENDED });
    expect(outcomes).toMatchObject({ ...GENUINE, chipAccess: 'passed' });
  });

  test('the CAN opens as well; a wrong one is refused', async () => {
    const pace = [{ oid: '0.4.0.127.0.7.2.2.4.2.2', parameterId: 13 }];
    const card = { pace, bac: false, can: '123456' };
    const right = await readSpecimen({ document: { pace }, card, key: { kind: 'can', can: '123456' } });
    expect(right.outcomes).toMatchObject({ chipAccess: 'passed', dataGroupHashes: 'passed' });
    const wrong = await readSpecimen({ document: { pace }, card, key: { kind: 'can', can: '654321' } });
    expect(wrong.outcomes).toMatchObject({ chipAccess: 'failed paceKeyRefused', sodSignature: 'notDone sodAbsent' });
  });

  test('of several sets of domain parameters the one meant is named', async () => {
    const oid = '0.4.0.127.0.7.2.2.4.2.2';
    const pace = [
      { oid, parameterId: 12 },
      { oid, parameterId: 13 },
    ];
    const { outcomes } = await readSpecimen({ document: { pace }, card: { pace, bac: false } });
    expect(outcomes).toMatchObject({ chipAccess: 'passed' });
  });

  test('a PACE that fails falls back to BAC where the key is the MRZ', async () => {
    const pace = [{ oid: '0.4.0.127.0.7.2.2.4.2.2', parameterId: 13 }];
    const { reading, outcomes } = await readSpecimen({ document: { pace }, card: { pace: [] } });
    expect(reading.access).toMatchObject({ protocol: 'BAC', failedPace: 'paceRefused' });
    expect(outcomes).toMatchObject({ ...GENUINE, chipAccess: 'passed' });
  });

  test('chip-authentication mapping proves the chip, and a clone fails it', async () => {
    const key = ecKeyPair('brainpoolP256r1', 'SHA-256', seededRandom('cam'));
    const chipAuthentication = { oid: '0.4.0.127.0.7.2.2.3.2.2', key };
    const pace = [{ oid: '0.4.0.127.0.7.2.2.4.6.2', parameterId: 13 }];
    const genuine = await readSpecimen({ document: { pace, chipAuthentication }, card: { pace, bac: false } });
    expect(genuine.outcomes).toMatchObject({ ...GENUINE, chipAccess: 'passed', chipAuthenticity: 'passed' });
    const other = ecKeyPair('brainpoolP256r1', 'SHA-256', seededRandom('another'));
    const cloned = { pace, bac: false, chipAuthentication: { ...chipAuthentication, key: other } };
    const clone = await readSpecimen({ document: { pace, chipAuthentication }, card: cloned });
    expect(clone.outcomes).toMatchObject({ chipAuthenticity: 'failed chipKeyMismatch' });
  });
});

describe('proof of the chip', () => {
  test.each([
    ['3DES', '0.4.0.127.0.7.2.2.3.2.1'],
    ['AES-128', '0.4.0.127.0.7.2.2.3.2.2'],
    ['AES-256', '0.4.0.127.0.7.2.2.3.2.4'],
  ])('chip authentication with %s renews the session', async (_cipher, oid) => {
    const chipAuthentication = { oid, key: ecKeyPair('brainpoolP256r1', 'SHA-256', seededRandom('ca')) };
    const { reading, outcomes, made } = await readSpecimen({ document: { chipAuthentication } });
    expect(reading.chipAuthentication).toBe('passed');
    expect(outcomes).toMatchObject({ ...GENUINE, chipAuthenticity: 'passed' });
    expectAllFiles(reading, made.files);
  });

  test.each([
    ['3DES, short channel', '0.4.0.127.0.7.2.2.3.1.1', {}],
    ['AES-128, long channel', '0.4.0.127.0.7.2.2.3.1.2', EXTENDED],
  ])('chip authentication over a 2048-bit group: %s', async (_name, oid, link) => {
    const chipAuthentication = { oid, key: dhKeyPair(1, seededRandom('dh')) };
    const { reading, outcomes } = await readSpecimen({ document: { chipAuthentication }, link });
    expect(reading.chipAuthentication).toBe('passed');
    expect(outcomes).toMatchObject({ ...GENUINE, chipAuthenticity: 'passed' });
  });

  test('a clone fails chip authentication and is still read to the end', async () => {
    const key = ecKeyPair('secp256r1', 'SHA-256', seededRandom('ca'));
    const chipAuthentication = { oid: '0.4.0.127.0.7.2.2.3.2.2', key };
    const { reading, outcomes } = await readSpecimen({
      document: { chipAuthentication },
      faults: { clonedWithoutKey: true },
    });
    expect(outcomes).toMatchObject({ chipAuthenticity: 'failed caSessionRefused', dataGroupHashes: 'passed' });
    expect(reading.files.has('DG2')).toBe(true);
  });

  test('active authentication with ECDSA and with RSA', async () => {
    const ec = ecKeyPair('brainpoolP256r1', 'SHA-256', seededRandom('aa'));
    expect((await readSpecimen({ document: { activeAuthentication: ec } })).outcomes).toMatchObject({
      ...GENUINE,
      chipAuthenticity: 'passed',
    });
    const rsa = rsaKeyPair(1024, 'SHA-1');
    expect((await readSpecimen({ document: { activeAuthentication: rsa } })).outcomes).toMatchObject({
      ...GENUINE,
      chipAuthenticity: 'passed',
    });
  });

  test('a clone without the active-authentication key is found out', async () => {
    const activeAuthentication = ecKeyPair('secp256r1', 'SHA-256', seededRandom('aa'));
    const { outcomes } = await readSpecimen({ document: { activeAuthentication }, faults: { clonedWithoutKey: true } });
    expect(outcomes).toMatchObject({ chipAuthenticity: 'failed aaSignatureWrong' });
  });

  test('a chip that hides the key file EF.SOD lists is no genuine chip', async () => {
    const activeAuthentication = ecKeyPair('secp256r1', 'SHA-256', seededRandom('aa'));
    const random = seededRandom('hide');
    const { files } = specimen({ random, at: AT, document: { activeAuthentication } });
    const without = new Map([...files].filter(([name]) => name !== 'DG15'));
    const { outcomes } = await readSpecimen({ document: { activeAuthentication }, card: { files: without } });
    expect(outcomes).toMatchObject({ chipAuthenticity: 'failed keyFileMissing:DG15' });
  });

  test('a key file that EF.SOD does not cover proves nothing', async () => {
    const activeAuthentication = ecKeyPair('secp256r1', 'SHA-256', seededRandom('aa'));
    const { outcomes } = await readSpecimen({ document: { activeAuthentication, uncovered: ['DG15'] } });
    expect(outcomes).toMatchObject({
      chipAuthenticity: 'failed keyNotCovered:DG15',
      dataGroupHashes: 'failed notCoveredBySod:DG15',
    });
  });
});

describe('trust', () => {
  test('an unknown authority, an expired signer and a wrong hash each fail their own check', async () => {
    const unknown = await readSpecimen({ trust: () => undefined });
    expect(unknown.outcomes).toMatchObject({ signerChain: 'failed unknownIssuer', sodSignature: 'passed' });
    const issuer = new TestIssuer({ country: 'UT', random: seededRandom('old'), at: AT, expiredSigner: true });
    expect((await readSpecimen({ issuer })).outcomes).toMatchObject({ signerValidity: 'failed signerExpired' });
    const wrong = await readSpecimen({ document: { wrongHashes: ['DG2'] } });
    expect(wrong.outcomes).toMatchObject({ dataGroupHashes: 'failed hashMismatch:DG2', sodSignature: 'passed' });
  });

  test('a revocation list of the authority decides', async () => {
    const list = (signerToo: boolean) => (store: TrustStore, issuer: TestIssuer) => {
      importTrust(store, issuer.authority);
      importTrust(store, issuer.revocationList(signerToo));
    };
    expect((await readSpecimen({ trust: list(false) })).outcomes.signerValidity).toBe('passed');
    expect((await readSpecimen({ trust: list(true) })).outcomes.signerValidity).toBe('failed signerRevoked');
  });

  test('a signer of another country is found out', async () => {
    const issuer = new TestIssuer({ country: 'DE', random: seededRandom('de'), at: AT });
    const { outcomes } = await readSpecimen({ issuer });
    expect(outcomes.issuingStateMatchesSigner).toBe('failed signerCountryWrong');
  });
});
