import { ok, type Result } from '../../contract/result.ts';
import { readTlv, readTlvs, type Tlv } from './ber-tlv.ts';
import { type FileName, fileFacts } from './files.ts';
import { type LdsError, ldsError } from './lds-error.ts';

/** The one object that an LDS file is, whatever follows it (chips pad files with zeros). */
export function openOuter(name: FileName, file: Uint8Array): Result<Tlv, LdsError> {
  if (file.length === 0) return ldsError(name, 'ldsFileEmpty');
  const outer = readTlv(file);
  if (!outer.ok) return ldsError(name, outer.error.code);
  if (outer.value.tag !== fileFacts(name).tag) return ldsError(name, 'ldsWrongTag');
  return outer;
}

/** The objects inside an LDS file's outer tag. */
export function openFile(name: FileName, file: Uint8Array): Result<readonly Tlv[], LdsError> {
  const outer = openOuter(name, file);
  if (!outer.ok) return outer;
  const parts = readTlvs(outer.value.value);
  return parts.ok ? ok(parts.value) : ldsError(name, parts.error.code);
}

/** The file without whatever follows its one object; the file itself where it is no object. Hashes are taken over this. */
export function trimFile(file: Uint8Array): Uint8Array {
  const outer = readTlv(file);
  return outer.ok ? outer.value.raw : file;
}
