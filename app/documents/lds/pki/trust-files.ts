import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../../contract/result.ts';
import { MAX_LDIF_BYTES } from './ldif.ts';
import { type ImportReport, importTrust } from './trust-sources.ts';
import type { TrustStore } from './trust-store.ts';

export interface TrustFileError {
  readonly code: 'trustPathUnreadable' | 'trustSourceTooLarge' | 'trustTooManyFiles';
  readonly path: string;
}

export interface FileImport extends ImportReport {
  readonly path: string;
}

const MAX_FILES = 20_000;
const MAX_FOLDER_DEPTH = 6;

/** Fills the store from a file, or from every file below a folder. */
export function importTrustPath(store: TrustStore, path: string): Result<readonly FileImport[], TrustFileError> {
  const files = listFiles(path);
  if (!files.ok) return files;
  const reports: FileImport[] = [];
  for (const file of files.value) {
    const bytes = readBounded(file);
    if (!bytes.ok) return bytes;
    reports.push({ path: file, ...importTrust(store, bytes.value) });
  }
  return ok(reports);
}

function readBounded(path: string): Result<Uint8Array, TrustFileError> {
  try {
    if (statSync(path).size > MAX_LDIF_BYTES) return err({ code: 'trustSourceTooLarge', path });
    return ok(new Uint8Array(readFileSync(path)));
  } catch {
    // Unreadable by rights or gone since it was listed: one code covers both.
    return err({ code: 'trustPathUnreadable', path });
  }
}

function listFiles(path: string): Result<readonly string[], TrustFileError> {
  const found: string[] = [];
  const visit = (at: string, depth: number): boolean => {
    if (!statSync(at).isDirectory()) return found.push(at) <= MAX_FILES;
    if (depth >= MAX_FOLDER_DEPTH) return true;
    return readdirSync(at)
      .filter((name) => !name.startsWith('.'))
      .sort()
      .every((name) => visit(join(at, name), depth + 1));
  };
  try {
    return visit(path, 0) ? ok(found) : err({ code: 'trustTooManyFiles', path });
  } catch {
    // Not there or not readable.
    return err({ code: 'trustPathUnreadable', path });
  }
}
