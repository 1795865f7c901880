import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { loadOrCreateKeyFile } from '../../crypto/key-files.ts';
import { readPublicKeys } from '../../crypto/public-keys.ts';
import { answerNegative, callerPath, fault, printJson, printLine, usageFailure } from '../io.ts';
import { checkUpgrade, digestOf, regularFiles, releasePlace, upgradeProblem } from './upgrade-check.ts';
import { RELEASE_FILE, type ReleaseContent, signRelease, versionSchema } from './upgrade-manifest.ts';

/** Trusted release keys of an installed lane: written by root at installation, read by all. */
const RELEASE_KEYS = '/etc/jointgate/release-keys.txt';

export function buildCommand(): Command {
  const seal = new Command('seal')
    .description('List every file of a package with its digest in its release manifest, signed when a key is given.')
    .argument('<package>', 'folder of an unpacked package, or one file (.deb, .AppImage)')
    .option('--key <file>', 'private Ed25519 key (PEM, 0600) of whoever answers for the release')
    .option('--release-version <version>', 'version of a package that is one file')
    .action(sealPackage);
  return new Command('upgrade')
    .description(
      'Say whether a package may be installed over this one. Installing stays with the package manager. Exit 0: yes, 1: no.',
    )
    .option('--check <package>', 'folder of an unpacked package, or one file with its FILE.release.json beside it')
    .option('--keys <file>', 'trusted release keys, one a line', RELEASE_KEYS)
    .option('--installed <version>', 'version to compare with', ownVersion())
    .option('--json', 'one JSON object')
    .action(check)
    .addCommand(seal);
}

interface CheckOptions {
  readonly check?: string;
  readonly keys: string;
  readonly installed: string;
  readonly json?: true;
}

async function check({ check: target, keys, installed, json }: CheckOptions): Promise<void> {
  if (target === undefined) throw usageFailure('name a package: upgrade --check PACKAGE');
  if (!versionSchema.safeParse(installed).success) throw usageFailure('--installed wants three numbers: 1.2.3');
  const path = callerPath(target);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw usageFailure(`there is no ${path}`);
  const checked = await checkUpgrade(path, trustedKeys(callerPath(keys)), installed);
  const answer = checked.ok
    ? { accepted: true, version: checked.value.version, files: checked.value.files.length }
    : { accepted: false, ...checked.error };
  if (json === true) printJson(answer);
  else if (checked.ok)
    printLine(`may be installed: ${checked.value.version}, ${checked.value.files.length} files as signed`);
  else printLine(`refused: ${upgradeProblem(checked.error)}`);
  if (!checked.ok) answerNegative();
}

function trustedKeys(path: string): readonly string[] {
  try {
    return readPublicKeys(path);
  } catch (cause) {
    throw fault(`no trusted release keys: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

async function sealPackage(target: string, options: { key?: string; releaseVersion?: string }): Promise<void> {
  const { manifest, folder, file } = releasePlace(callerPath(target));
  const paths = (file === null ? [...regularFiles(folder)] : [file]).filter((path) => path !== RELEASE_FILE).sort();
  const files: ReleaseContent['files'] = [];
  for (const path of paths) {
    const stat = lstatSync(join(folder, path));
    if (!stat.isFile()) throw usageFailure(`${path} is not a plain file`);
    files.push({ path, bytes: stat.size, sha256: await digestOf(join(folder, path)) });
  }
  const version = options.releaseVersion ?? packedVersion(folder);
  const content: ReleaseContent = {
    schema: 'jointgate-release/1',
    name: 'jointgate',
    version: versionSchema.parse(version),
    files,
  };
  writeFileSync(manifest, `${JSON.stringify(signRelease(content, signer(options.key)), null, 1)}\n`);
  printLine(`${manifest}: ${files.length} files of ${version}, ${options.key === undefined ? 'not signed' : 'signed'}`);
}

function signer(file: string | undefined) {
  if (file === undefined) return null;
  const path = callerPath(file);
  // A key that is not there is a slip of the pen, not a wish for a new one.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw usageFailure(`there is no key ${path}`);
  const loaded = loadOrCreateKeyFile(path, 'signing');
  if (!loaded.ok) throw fault(`${loaded.error.code}: ${loaded.error.path}`);
  return loaded.value.key;
}

const packageSchema = z.looseObject({ version: versionSchema });

function packedVersion(folder: string): string {
  return packageSchema.parse(JSON.parse(readFileSync(join(folder, 'resources/lane/package.json'), 'utf8'))).version;
}

/** Of the checkout (app/cli/commands) or of the installed command (dist/cli). */
function ownVersion(): string {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      return packageSchema.parse(JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'))).version;
    } catch {
      // Not there: the other place holds it.
    }
  }
  return '0.0.0';
}
