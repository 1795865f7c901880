import type { Check } from '../../contract/crossing.ts';
import { readCardSecurity } from '../lds/card-security.ts';
import { failed, notDone, notSupported, passed } from '../lds/checks.ts';
import { readPublicKey } from '../lds/crypto/public-key.ts';
import type { DefectList } from '../lds/defects.ts';
import { equalBytes } from '../lds/der.ts';
import { type Dg1, readDg1 } from '../lds/dg1.ts';
import type { DataGroupName } from '../lds/files.ts';
import { authenticatePassively, type PassiveAuthentication } from '../lds/passive-authentication.ts';
import type { TrustStore } from '../lds/pki/trust-store.ts';
import { readDg14 } from '../lds/security-infos.ts';
import { checkMrzMatchesChip } from './mrz-comparison.ts';
import type { ChipProof, ChipReading } from './read-chip.ts';

export interface VerdictInput {
  readonly reading: ChipReading;
  /** The printed lines as they were read and, where needed, repaired; null where only a key was known. */
  readonly printedMrz: readonly string[] | null;
  readonly store: TrustStore;
  readonly defects: DefectList;
  readonly at: Date;
}

export interface ChipVerdict {
  /** mrzMatchesChip, chipAccess, the six of passive authentication, chipAuthenticity: always all nine. */
  readonly checks: readonly Check[];
  readonly passive: PassiveAuthentication;
  readonly dg1: Dg1 | null;
}

/** Judges what was read. Everything the lane's decision table wants to know about the chip is in `checks`. */
export function judgeChip(input: VerdictInput): ChipVerdict {
  const { reading } = input;
  const passive = authenticatePassively({ ...input, files: reading.files, unreadable: reading.unreadable });
  const file = reading.files.get('DG1');
  const read = file ? readDg1(file) : null;
  const dg1 = read?.ok ? read.value : null;
  return {
    checks: [
      checkMrzMatchesChip(input.printedMrz, dg1),
      checkAccess(reading),
      ...passive.checks,
      checkAuthenticity(input, passive),
    ],
    passive,
    dg1,
  };
}

function checkAccess({ access, accessError, files, unreadable }: ChipReading): Check {
  if (accessError !== null) return failed('chipAccess', accessError);
  if (!access) return failed('chipAccess', 'accessFailed');
  // A session under which not one file can be read is no access.
  const [refused] = unreadable.values();
  if (files.size === 0 && refused !== undefined) return failed('chipAccess', refused);
  return access.protocol === 'none' ? notSupported('chipAccess', 'noAccessControl') : passed('chipAccess');
}

/**
 * A proof counts only where the file with its public key is covered: DG14 and DG15 by EF.SOD, EF.CardSecurity by its own
 * signature (ICAO 9303-11 appendix J.1 step 3). A key file that EF.SOD lists and the chip does not give up is what a clone
 * without the private key looks like.
 */
function checkAuthenticity(input: VerdictInput, passive: PassiveAuthentication): Check {
  const id = 'chipAuthenticity';
  const { reading } = input;
  if (!reading.access) return notDone(id, 'accessFailed');
  const state = (name: DataGroupName) => passive.dataGroups.find((group) => group.name === name);
  for (const name of ['DG14', 'DG15'] as const) {
    const group = state(name);
    if (group?.outcome === 'notDone') return failed(id, `keyFileMissing:${name}`);
  }
  const isSigned = passive.checks.some((check) => check.id === 'sodSignature' && check.outcome === 'passed');
  const isCovered = (name: DataGroupName) => isSigned && state(name)?.outcome === 'passed';
  const mapping = judgeMapping(input, isCovered('DG14'));
  const proofs: readonly (readonly [ChipProof, DataGroupName | null])[] = [
    [mapping, null],
    [reading.chipAuthentication, 'DG14'],
    [reading.activeAuthentication, 'DG15'],
  ];
  for (const [proof] of proofs) if (typeof proof === 'object') return failed(id, proof.failed);
  const given = proofs.filter(([proof]) => proof === 'passed');
  if (given.length === 0) return notSupported(id, 'noChipKey');
  if (given.some(([, name]) => name === null || isCovered(name))) return passed(id);
  return failed(id, `keyNotCovered:${given[0]![1]}`);
}

/** Chip-authentication mapping: the disclosed scalar against the static keys of EF.CardSecurity. */
function judgeMapping(input: VerdictInput, isDg14Covered: boolean): ChipProof {
  const { reading } = input;
  const matches = reading.access?.matchesChipKey;
  if (!matches) return 'absent';
  const file = reading.files.get('CardSecurity');
  if (!file) return { failed: reading.unreadable.get('CardSecurity') ?? 'cardSecurityAbsent' };
  const security = readCardSecurity(file, input.store, input.at);
  if (!security.ok) return { failed: security.error.code };
  const keys = security.value.infos.chipAuthenticationKeys.map(({ subjectPublicKeyInfo }) => subjectPublicKeyInfo);
  const match = keys.find((spki) => {
    const key = readPublicKey(spki);
    return key.ok && key.value.kind === 'ec' && matches(key.value.point);
  });
  if (!match) return { failed: 'chipKeyMismatch' };
  const isTrusted = security.value.isChainTrusted || (isDg14Covered && isInDg14(match, reading));
  return isTrusted ? 'passed' : { failed: 'cardSecurityUntrusted' };
}

/** EF.DG14 may name the same key, and EF.SOD signs that file. */
function isInDg14(key: Uint8Array, reading: ChipReading): boolean {
  const file = reading.files.get('DG14');
  const infos = file ? readDg14(file) : null;
  return (
    infos?.ok === true && infos.value.chipAuthenticationKeys.some((info) => equalBytes(info.subjectPublicKeyInfo, key))
  );
}
