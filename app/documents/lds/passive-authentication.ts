import type { Check } from '../../contract/crossing.ts';
import { failed, notDone, passed } from './checks.ts';
import { checkDataGroups, type DataGroupVerdict } from './data-group-hashes.ts';
import { type DefectList, isKnownDeviation, knownContentTypes } from './defects.ts';
import { readDg1 } from './dg1.ts';
import type { FileName } from './files.ts';
import { mayCountrySignFor } from './issuing-states.ts';
import { type Certificate, fingerprint } from './pki/certificate.ts';
import { buildChain, type Chain, judgeChain, type Revocation } from './pki/chain.ts';
import { findSigner, verifySignedData } from './pki/signed-data.ts';
import type { TrustStore } from './pki/trust-store.ts';
import { type EfSod, LDS_SECURITY_OBJECT_OID, readEfSod } from './security-object.ts';

export interface PassiveInput {
  readonly files: ReadonlyMap<FileName, Uint8Array>;
  /** Files that could not be read, with the code why; a data group in here is not called absent. */
  readonly unreadable: ReadonlyMap<FileName, string>;
  readonly store: TrustStore;
  readonly defects: DefectList;
  /** The moment of reading. */
  readonly at: Date;
}

/** Who signed the document; certificates are public, so this may be shown and logged. */
export interface SignerSummary {
  readonly country: string | null;
  readonly commonName: string | null;
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly notAfter: string;
}

export interface PassiveAuthentication {
  /** sodSignature, signerChain, signerValidity, sodMatchesCom, dataGroupHashes, issuingStateMatchesSigner: always all six. */
  readonly checks: readonly Check[];
  readonly dataGroups: readonly DataGroupVerdict[];
  readonly signer: SignerSummary | null;
  /** Fingerprints of the authorities above the signer, up to the anchor. */
  readonly chain: readonly string[];
  readonly revocation: Revocation | null;
  /** Known deviations of this issuer that were excused. */
  readonly deviations: readonly string[];
}

/** Extended key usages of ICAO that are for other lists than documents (ICAO 9303-12 §7.1.1.3). */
const OTHER_PURPOSES = ['2.23.136.1.1.3', '2.23.136.1.1.8'];

/** Passive authentication (ICAO 9303-11 §5.1): everything EF.SOD can prove about what was read. Pure; never throws on bad files. */
export function authenticatePassively(input: PassiveInput): PassiveAuthentication {
  const sodFile = input.files.get('SOD');
  if (!sodFile) return withoutSod(input);
  const sod = readEfSod(sodFile);
  if (!sod.ok) return without(sod.error.code, 'failed');
  const { signedData } = sod.value;
  const signer =
    findSigner(signedData.signer, signedData.certificates) ??
    findSigner(signedData.signer, input.store.documentSigners());
  const deviations: string[] = [];
  const signature = checkSignature(input, sod.value, signer);
  const groups = checkDataGroups(
    input,
    sod.value.securityObject,
    (deviation) => signer !== null && isExcused(input, deviation, signer, deviations),
  );
  const chain = signer ? buildChain(signer, input.store) : null;
  const found = chain?.ok ? chain.value : null;
  const validity = checkValidity(input, signer, found, deviations);
  return {
    checks: [
      signature,
      chain
        ? chain.ok
          ? passed('signerChain')
          : failed('signerChain', chain.error.code)
        : failed('signerChain', 'cmsSignerCertificateMissing'),
      validity.check,
      groups.sodMatchesCom,
      groups.dataGroupHashes,
      checkIssuingState(input, signer, deviations),
    ],
    dataGroups: groups.dataGroups,
    signer: signer ? summarize(signer) : null,
    chain: found ? found.slice(1).map(fingerprint) : [],
    revocation: validity.revocation,
    deviations,
  };
}

/** Reasons that are the reader's or the link's, not the document's. */
const NOT_THE_DOCUMENT = ['linkFailed', 'aborted', 'notRead'];

/** EF.SOD is mandatory: a chip that was read and has none, or an empty one, fails; one that could not be asked is not done. */
function withoutSod({ files, unreadable }: PassiveInput): PassiveAuthentication {
  const code = unreadable.get('SOD');
  const wasAsked = code === undefined ? files.size > 0 : !NOT_THE_DOCUMENT.includes(code);
  return without(code ?? 'sodAbsent', wasAsked ? 'failed' : 'notDone');
}

/** Nothing can be proved: every check says so itself. */
function without(reason: string, outcome: 'failed' | 'notDone'): PassiveAuthentication {
  const first: Check = { id: 'sodSignature', outcome, reason };
  const rest = (['signerChain', 'signerValidity', 'sodMatchesCom', 'dataGroupHashes'] as const).map((id) =>
    notDone(id, reason),
  );
  const checks = [first, ...rest, notDone('issuingStateMatchesSigner', reason)];
  return { checks, dataGroups: [], signer: null, chain: [], revocation: null, deviations: [] };
}

function checkSignature(input: PassiveInput, sod: EfSod, signer: Certificate | null): Check {
  if (!signer) return failed('sodSignature', 'cmsSignerCertificateMissing');
  const { contentType } = sod.signedData;
  if (contentType !== LDS_SECURITY_OBJECT_OID && !knownContentTypes(input.defects).includes(contentType)) {
    return failed('sodSignature', 'securityObjectOidWrong');
  }
  const verified = verifySignedData(sod.signedData, signer);
  if (!verified.ok) return failed('sodSignature', verified.error.code);
  if (signer.keyUsage && !signer.keyUsage.digitalSignature) return failed('sodSignature', 'signerPurposeWrong');
  const purposes = signer.extendedKeyUsage;
  if (purposes && purposes.length > 0 && purposes.every((oid) => OTHER_PURPOSES.includes(oid))) {
    return failed('sodSignature', 'signerPurposeWrong');
  }
  return passed('sodSignature');
}

function checkValidity(
  input: PassiveInput,
  signer: Certificate | null,
  chain: Chain | null,
  deviations: string[],
): { readonly check: Check; readonly revocation: Revocation | null } {
  if (!signer) return { check: notDone('signerValidity', 'cmsSignerCertificateMissing'), revocation: null };
  // Without a chain the period can still be told, revocation cannot.
  const judged = judgeChain(chain ?? [signer], input.store, input.at);
  if (!judged.ok) {
    const { code } = judged.error;
    if (code === 'signerExpired' && isExcused(input, 'signerPeriodTooShort', signer, deviations)) {
      return { check: passed('signerValidity', code), revocation: null };
    }
    return { check: failed('signerValidity', code), revocation: null };
  }
  if (!chain) return { check: notDone('signerValidity', 'unknownIssuer'), revocation: null };
  const { revocation } = judged.value;
  return { check: passed('signerValidity', revocation === 'good' ? null : revocation), revocation };
}

function checkIssuingState(input: PassiveInput, signer: Certificate | null, deviations: string[]): Check {
  const id = 'issuingStateMatchesSigner';
  const state = issuingState(input);
  if (!signer) return notDone(id, 'cmsSignerCertificateMissing');
  if (state === null) return notDone(id, 'dg1Unreadable');
  const country = signer.subject.country ?? signer.issuer.country;
  if (country === null) return failed(id, 'signerCountryMissing');
  // Both certificates must speak for the same state, or a signer of one could be issued under another.
  const isSame = signer.issuer.country === null || signer.issuer.country === country;
  const may = mayCountrySignFor(country, state);
  if (may === true && isSame) return passed(id);
  if (isExcused(input, 'signerCountryWrong', signer, deviations)) return passed(id, 'signerCountryWrong');
  return may === null ? failed(id, 'signerCountryUnknown') : failed(id, 'signerCountryWrong');
}

/** MRZ issuing state of DG1 without fillers; CHN for the Chinese one-line card, whose line has none. */
export function issuingState(input: Pick<PassiveInput, 'files'>): string | null {
  const file = input.files.get('DG1');
  const dg1 = file ? readDg1(file) : null;
  if (!dg1?.ok) return null;
  if (dg1.value.layout === 'CS90') return 'CHN';
  return dg1.value.lines[0]!.slice(2, 5).replaceAll('<', '');
}

function isExcused(
  input: PassiveInput,
  deviation: Parameters<typeof isKnownDeviation>[1],
  signer: Certificate,
  deviations: string[],
): boolean {
  const isKnown = isKnownDeviation(input.defects, deviation, issuingState(input), fingerprint(signer));
  if (isKnown) deviations.push(deviation);
  return isKnown;
}

const summarize = (signer: Certificate): SignerSummary => ({
  country: signer.subject.country,
  commonName: signer.subject.commonName,
  serialNumber: signer.serialNumber,
  fingerprint: fingerprint(signer),
  notAfter: signer.notAfter.toISOString(),
});
