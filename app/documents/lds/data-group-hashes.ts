import type { Check } from '../../contract/crossing.ts';
import { failed, notDone, passed } from './checks.ts';
import { digest } from './crypto/digest.ts';
import { equalBytes } from './der.ts';
import { readEfCom } from './ef-com.ts';
import { DATA_GROUPS, type DataGroupName, dataGroupNumber, type FileName } from './files.ts';
import { trimFile } from './open-file.ts';
import type { SecurityObject } from './security-object.ts';

/** One data group against the signed list. */
export interface DataGroupVerdict {
  readonly name: DataGroupName;
  readonly outcome: 'passed' | 'failed' | 'notDone';
  /** `hashMismatch`, `notCoveredBySod`, or why it was not read. */
  readonly reason: string | null;
}

export interface DataGroupChecks {
  readonly dataGroups: readonly DataGroupVerdict[];
  readonly dataGroupHashes: Check;
  readonly sodMatchesCom: Check;
}

interface Read {
  readonly files: ReadonlyMap<FileName, Uint8Array>;
  readonly unreadable: ReadonlyMap<FileName, string>;
}

/**
 * Compares the hash of every data group that was read with EF.SOD's, and EF.COM's list with EF.SOD's. A data group that EF.SOD
 * does not cover is a failure, not a gap: anybody could have put it there. `excuse` says whether a deviation is a known one.
 */
export function checkDataGroups(
  read: Read,
  object: SecurityObject,
  excuse: (deviation: 'comListWrong') => boolean,
): DataGroupChecks {
  const dataGroups: DataGroupVerdict[] = [];
  for (const { name } of DATA_GROUPS) {
    const verdict = judge(name as DataGroupName, read, object);
    if (verdict) dataGroups.push(verdict);
  }
  return { dataGroups, dataGroupHashes: summarize(dataGroups), sodMatchesCom: compareLists(read, object, excuse) };
}

function judge(name: DataGroupName, read: Read, object: SecurityObject): DataGroupVerdict | null {
  const expected = object.hashes.get(dataGroupNumber(name)!);
  const file = read.files.get(name);
  if (!file) {
    if (!expected) return null;
    return { name, outcome: 'notDone', reason: read.unreadable.get(name) ?? 'notRead' };
  }
  if (!expected) return { name, outcome: 'failed', reason: 'notCoveredBySod' };
  const isSame = equalBytes(digest(object.hash, trimFile(file)), expected);
  return isSame ? { name, outcome: 'passed', reason: null } : { name, outcome: 'failed', reason: 'hashMismatch' };
}

function summarize(dataGroups: readonly DataGroupVerdict[]): Check {
  const id = 'dataGroupHashes';
  const broken =
    dataGroups.find(({ reason }) => reason === 'hashMismatch') ??
    dataGroups.find(({ outcome }) => outcome === 'failed');
  if (broken) return failed(id, `${broken.reason}:${broken.name}`);
  return dataGroups.some(({ outcome }) => outcome === 'passed') ? passed(id) : notDone(id, 'noDataGroupRead');
}

function compareLists(read: Read, object: SecurityObject, excuse: (deviation: 'comListWrong') => boolean): Check {
  const id = 'sodMatchesCom';
  const file = read.files.get('COM');
  if (!file) return notDone(id, read.unreadable.get('COM') ?? 'comAbsent');
  const com = readEfCom(file);
  if (!com.ok) return failed(id, com.error.code);
  const listed = new Set(com.value.dataGroups.map((name) => dataGroupNumber(name)!));
  const missing = [...object.hashes.keys()].find((group) => !listed.has(group));
  const added = [...listed].find((group) => !object.hashes.has(group));
  if (missing === undefined && added === undefined) return passed(id);
  if (excuse('comListWrong')) return passed(id, 'comListWrong');
  return failed(id, added === undefined ? `notListedInCom:DG${missing}` : `notCoveredBySod:DG${added}`);
}
