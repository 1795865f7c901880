import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** `linux-x64` and so on, as Node names them. */
export interface Target {
  readonly platform: 'linux';
  readonly arch: 'x64' | 'arm64';
}

/** What the Node part loads at run time and the bundler leaves alone (build/bundle.ts, EXTERNAL). The demo's pseudo-terminals stay out. */
const RUNTIME_PACKAGES = [
  'better-sqlite3',
  'serialport',
  'node-hid',
  'onnxruntime-node',
  'sharp',
  '@cornerstonejs/codec-openjpeg',
  'pg',
];
/** Named as dependencies, used by install scripts and compilers only. */
export const INSTALL_ONLY: ReadonlySet<string> = new Set([
  'node-addon-api',
  'adm-zip',
  'global-agent',
  'pg-cloudflare',
  '@serialport/binding-mock',
]);
/** Sources, typings and tests: no file of these is loaded by a running lane. */
const NEVER_LOADED =
  /\.(map|d\.ts|d\.mts|d\.cts|md|gyp|gypi|c|cc|cpp|h|hpp|tsbuildinfo)$|(^|\/)(test|tests|__tests__|script|install|\.github)\//;
/** Whole folders by package: compilers' input, and what other systems need. */
const LEFT_OUT: Readonly<Record<string, RegExp>> = {
  'better-sqlite3': /^(deps|src|build)\//,
  'node-hid': /^(hidapi|src)\//,
  sharp: /^src\//,
  '@serialport/bindings-cpp': /^src\//,
};

export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  /** Where it lies below node_modules, nested copies included. */
  readonly place: string;
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** Everything that `RUNTIME_PACKAGES` need on the target, each once and at the place where Node will look for it. */
export function runtimePackages(root: string, target: Target): readonly PackedPackage[] {
  const found = new Map<string, PackedPackage>();
  const visit = (name: string, from: string, optional: boolean): void => {
    if (INSTALL_ONLY.has(name)) return;
    const folder = resolvePackage(name, from, root);
    if (folder === null) {
      if (optional) return;
      throw new Error(`${name} is not installed: npm ci`);
    }
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const json = JSON.parse(text) as PackageJson;
    const place = folder.slice(join(root, 'node_modules').length + 1);
    if (found.has(place) || !runsOn(json, target)) return;
    found.set(place, { name: json.name, version: json.version, folder, place });
    for (const next of Object.keys(json.dependencies ?? {})) visit(next, folder, false);
    for (const next of Object.keys(json.optionalDependencies ?? {})) visit(next, folder, true);
  };
  for (const name of RUNTIME_PACKAGES) visit(name, root, false);
  return [...found.values()].sort((a, b) => a.place.localeCompare(b.place));
}

/** As Node resolves: beside the asking package first, then in each folder above it. */
function resolvePackage(name: string, from: string, root: string): string | null {
  for (let folder = from; folder.length >= root.length - 1; folder = join(folder, '..')) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
  }
  return null;
}

function runsOn({ os, cpu, libc }: PackageJson, { platform, arch }: Target): boolean {
  return (os?.includes(platform) ?? true) && (cpu?.includes(arch) ?? true) && (libc?.includes('glibc') ?? true);
}

/** Whether a file of a package, by its path inside it, is loaded by a lane on the target. */
export function isLoaded(packageName: string, path: string, target: Target): boolean {
  if (/^LICEN[CS]E|^NOTICE/i.test(path)) return true;
  if (LEFT_OUT[packageName]?.test(path) === true || NEVER_LOADED.test(path)) return false;
  return isForTarget(path, target);
}

/** Prebuilt binaries lie in folders or files named by system and processor; only one of them can be loaded. */
function isForTarget(path: string, { platform, arch }: Target): boolean {
  const prebuilt = /^prebuilds\/([^/]+)/.exec(path)?.[1];
  if (prebuilt !== undefined) {
    const named = prebuilt.replace(/\.node$/, '');
    // The musl build of a plain glibc system is never taken.
    return new RegExp(`(^|-)${platform}-${arch}$`).test(named) && !path.includes('.musl.');
  }
  const onnx = /^bin\/napi-v\d+\/([^/]+)\/([^/]+)\//.exec(path);
  if (onnx !== null) return onnx[1] === platform && onnx[2] === arch;
  return true;
}
