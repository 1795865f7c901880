import { ok, type Result } from '../../contract/result.ts';
import { encodeTlv, findTlv } from './ber-tlv.ts';
import { type DataGroupName, dataGroupByTag, fileFacts } from './files.ts';
import { type LdsError, ldsError } from './lds-error.ts';
import { openFile } from './open-file.ts';

/** EF.COM (ICAO 9303-10 §4.6.1): which data groups the issuer says there are. Unsigned: only EF.SOD can be believed. */
export interface EfCom {
  /** e.g. `1.7`, or null where the field is absent or odd. */
  readonly ldsVersion: string | null;
  readonly unicodeVersion: string | null;
  readonly dataGroups: readonly DataGroupName[];
  /** Tags of the list that name no data group. */
  readonly unknownTags: readonly number[];
}

export function readEfCom(file: Uint8Array): Result<EfCom, LdsError> {
  const parts = openFile('COM', file);
  if (!parts.ok) return parts;
  const list = findTlv(parts.value, 0x5c);
  if (!list) return ldsError('COM', 'ldsFieldMissing');
  if (list.value.length > 64) return ldsError('COM', 'ldsFieldMalformed');
  const dataGroups: DataGroupName[] = [];
  const unknownTags: number[] = [];
  for (const tag of list.value) {
    const facts = dataGroupByTag(tag);
    if (facts) dataGroups.push(facts.name as DataGroupName);
    else unknownTags.push(tag);
  }
  return ok({
    ldsVersion: readVersion(findTlv(parts.value, 0x5f01)?.value, 2),
    unicodeVersion: readVersion(findTlv(parts.value, 0x5f36)?.value, 3),
    dataGroups,
    unknownTags,
  });
}

function readVersion(value: Uint8Array | undefined, parts: number): string | null {
  const text = value ? Buffer.from(value.subarray(0, 8)).toString('latin1') : '';
  if (!/^\d+$/.test(text) || text.length !== parts * 2) return null;
  return text.match(/../g)!.map(Number).join('.');
}

export function writeEfCom(dataGroups: readonly DataGroupName[]): Uint8Array {
  const text = (value: string) => new TextEncoder().encode(value);
  const tags = Uint8Array.from(dataGroups, (name) => fileFacts(name).tag);
  return encodeTlv(0x60, encodeTlv(0x5f01, text('0107')), encodeTlv(0x5f36, text('040000')), encodeTlv(0x5c, tags));
}
