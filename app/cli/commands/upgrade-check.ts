import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { err, ok, type Result } from '../../contract/result.ts';
import {
  compareVersions,
  openRelease,
  RELEASE_FILE,
  type ReleaseContent,
  type ReleaseError,
} from './upgrade-manifest.ts';

export type UpgradeError =
  | ReleaseError
  | { readonly code: 'releaseFileMissing' | 'releaseFileChanged' | 'releaseFileForeign'; readonly path: string }
  | { readonly code: 'releaseNotNewer'; readonly installed: string; readonly offered: string };

/** Where a package's manifest lies and which folder its paths are in. */
export function releasePlace(target: string): {
  readonly manifest: string;
  readonly folder: string;
  readonly file: string | null;
} {
  return lstatSync(target).isDirectory()
    ? { manifest: join(target, RELEASE_FILE), folder: target, file: null }
    : { manifest: `${target}.release.json`, folder: dirname(target), file: basename(target) };
}

/**
 * Whether a package may be installed over what runs: signed by a trusted key, newer than the version installed, every file
 * as it was signed, and no other file beside them.
 */
export async function checkUpgrade(
  target: string,
  trusted: readonly string[],
  installed: string,
): Promise<Result<ReleaseContent, UpgradeError>> {
  const { manifest, folder, file } = releasePlace(target);
  const opened = openRelease(manifest, trusted);
  if (!opened.ok) return opened;
  const content = opened.value;
  if (compareVersions(content.version, installed) <= 0)
    return err({ code: 'releaseNotNewer', installed, offered: content.version });
  const found = file === null ? regularFiles(folder) : new Set([file]);
  for (const { path, bytes, sha256 } of content.files) {
    if (!found.delete(path)) return err({ code: 'releaseFileMissing', path });
    const place = join(folder, path);
    if (lstatSync(place).size !== bytes || (await digestOf(place)) !== sha256)
      return err({ code: 'releaseFileChanged', path });
  }
  found.delete(RELEASE_FILE);
  const [foreign] = found;
  return foreign === undefined ? ok(content) : err({ code: 'releaseFileForeign', path: foreign });
}

/** Everything below a folder by its path inside it: a link or a device counts as a file, so that it is foreign. */
export function regularFiles(folder: string): Set<string> {
  const found = new Set<string>();
  const visit = (place: string): void => {
    for (const entry of readdirSync(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if (entry.isDirectory()) visit(path);
      else found.add(relative(folder, path));
    }
  };
  visit(folder);
  return found;
}

export async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** One line for the technician. */
export function upgradeProblem(error: UpgradeError): string {
  switch (error.code) {
    case 'releaseUnreadable':
      return `its release manifest cannot be read: ${error.detail}`;
    case 'releaseUnsigned':
      return 'nobody has signed it';
    case 'releaseForged':
      return `it is not signed by a trusted release key (key ${error.keyId}), or was changed after signing`;
    case 'releaseFileMissing':
      return `${error.path} is missing`;
    case 'releaseFileChanged':
      return `${error.path} is not the file that was signed`;
    case 'releaseFileForeign':
      return `${error.path} is not part of the release`;
    case 'releaseNotNewer':
      return `it is ${error.offered}, and ${error.installed} is installed: only newer packages are taken`;
  }
}
