import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Arch, build, type Configuration, Platform } from 'electron-builder';
import { bundle } from '../bundle.ts';
import { type ElectronRuntime, ensureElectron } from '../electron/runtime.ts';
import type { Target } from './contents.ts';
import { buildDeb, canBuildDeb } from './deb.ts';
import { copyInto, filesBelow, sizeOf } from './files.ts';
import { readFuses, setFieldFuses, wrongFuses } from './fuses.ts';
import { writeBillOfMaterials } from './materials.ts';
import { runtimeFolder } from './runtime-folder.ts';
import { stage } from './stage.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const PACKAGE_OUT = join(ROOT, 'out/package');
export const UNPACKED = join(PACKAGE_OUT, 'linux-unpacked');
const STAMP = join(PACKAGE_OUT, 'stamp.txt');
export const MAX_BYTES = 550 * 1024 * 1024;
const HOST: Target = { platform: 'linux', arch: process.arch === 'arm64' ? 'arm64' : 'x64' };

/**
 * The field package's `dir`, made anew when its bundles or this folder changed: Electron with the field's fuses, app.asar, the Node
 * part beside it, bill of materials, licences and the release manifest. Gives the folder.
 */
async function packageDir(say: (line: string) => void): Promise<string> {
  const runtime = ensureElectron(say);
  await bundle(say);
  const stamp = stampOf(runtime);
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return UNPACKED;
  const started = performance.now();
  rmSync(PACKAGE_OUT, { recursive: true, force: true });
  mkdirSync(PACKAGE_OUT, { recursive: true });
  const staged = stage(ROOT, join(PACKAGE_OUT, 'stage'), HOST);
  const dist = runtimeFolder(runtime, join(PACKAGE_OUT, 'electron'));
  await build({
    projectDir: ROOT,
    targets: Platform.LINUX.createTarget('dir', HOST.arch === 'x64' ? Arch.x64 : Arch.arm64),
    publish: 'never',
    config: configuration(runtime, dist),
  });
  rmSync(dist, { recursive: true });
  // Not as extraResources: electron-builder leaves every node_modules folder out of those.
  cpSync(staged.lane, join(UNPACKED, 'resources/lane'), { recursive: true });
  bringNode(runtime);
  await setFieldFuses(join(UNPACKED, 'jointgate'));
  writeBillOfMaterials(ROOT, UNPACKED, staged.packages, runtime);
  rmSync(staged.lane, { recursive: true });
  writeRelease(say);
  writeFileSync(STAMP, stamp);
  say(`packaged in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return UNPACKED;
}

function configuration(runtime: ElectronRuntime, electronDist: string): Configuration {
  return {
    extends: join(ROOT, 'electron-builder.yml'),
    electronVersion: runtime.version,
    electronDist,
    // Both halves are laid out by stage.ts: electron-builder looks for no modules of its own and rebuilds none.
    beforeBuild: () => Promise.resolve(false),
  };
}

/** The lane process of a runtime with an old Node-API runs on the Node that our tools run on (app/main/child-process.ts). */
function bringNode(runtime: ElectronRuntime): void {
  if (runtime.source !== 'fallback') return;
  const node = join(UNPACKED, 'resources/node');
  copyInto(join(ROOT, 'node_modules/node/bin/node'), node);
  // Symbols for debuggers: a fifth of its size and of no use in the field.
  spawnSync('strip', ['--strip-unneeded', node], { stdio: 'ignore' });
  chmodSync(node, 0o755);
}

/** Lists every file with its digest; signed when a release key is at hand. The key is named by file, never by value. */
function writeRelease(say: (line: string) => void): void {
  sealFile(UNPACKED, []);
  if (process.env.JOINTGATE_RELEASE_KEY_FILE === undefined)
    say(
      'the package is not signed: name a release key with JOINTGATE_RELEASE_KEY_FILE (jointgate setup key FILE makes one)',
    );
}

function sealFile(target: string, more: readonly string[]): void {
  const key = process.env.JOINTGATE_RELEASE_KEY_FILE;
  const cli = join(ROOT, 'app/cli/main.ts');
  const args = ['upgrade', 'seal', target, ...(key === undefined ? [] : ['--key', key]), ...more];
  execFileSync(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function stampOf(runtime: ElectronRuntime): string {
  const own = filesBelow(join(ROOT, 'build/package')).map((file) =>
    readFileSync(join(ROOT, 'build/package', file), 'utf8'),
  );
  return JSON.stringify([
    readFileSync(join(ROOT, 'dist/stamp.txt'), 'utf8'),
    readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8'),
    own.join('').length,
    runtime,
    process.env.JOINTGATE_RELEASE_KEY_FILE ?? null,
  ]);
}

interface Attempt {
  readonly target: string;
  readonly made: boolean;
  readonly reason: string;
}

/**
 * The deb with Debian's own tool where that is; else it, and AppImage always, with tools from electron-builder's release site: tried, and
 * said in words when they cannot be had. The other processor's packages need its Electron, which only a network gives.
 */
async function tryTargets(): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  if (canBuildDeb()) {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const file = buildDeb(ROOT, UNPACKED, PACKAGE_OUT, version, HOST);
    sealFile(file, ['--release-version', version]);
    attempts.push({ target: 'deb', made: true, reason: '' });
  }
  for (const target of canBuildDeb() ? ['AppImage'] : ['deb', 'AppImage']) {
    try {
      await build({
        projectDir: ROOT,
        prepackaged: UNPACKED,
        targets: Platform.LINUX.createTarget(target, HOST.arch === 'x64' ? Arch.x64 : Arch.arm64),
        publish: 'never',
        config: { extends: join(ROOT, 'electron-builder.yml') },
      });
      attempts.push({ target, made: true, reason: '' });
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 160) ?? '';
      attempts.push({ target, made: false, reason });
    }
  }
  const other = HOST.arch === 'x64' ? 'arm64' : 'x64';
  attempts.push({ target: `linux-${other}`, made: false, reason: `no Electron for it on this ${HOST.arch} machine` });
  return attempts;
}

/** Size and fuses as they stand in the folder; throws when the package may not leave the house. */
function inspectPackage(folder: string): {
  readonly bytes: number;
  readonly fuses: ReturnType<typeof readFuses>;
} {
  const bytes = sizeOf(folder);
  if (bytes > MAX_BYTES) throw new Error(`the package is ${megabytes(bytes)}, more than ${megabytes(MAX_BYTES)}`);
  const fuses = readFuses(join(folder, 'jointgate'));
  const wrong = wrongFuses(fuses);
  if (wrong.length > 0) throw new Error(`fuses stand wrong: ${wrong.join(', ')}`);
  return { bytes, fuses };
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MB`;

if (import.meta.main) {
  const say = (line: string): void => console.log(`jointgate: ${line}`);
  const folder = await packageDir(say);
  const { bytes, fuses } = inspectPackage(folder);
  say(`${folder}: ${megabytes(bytes)} installed, limit ${megabytes(MAX_BYTES)}`);
  say(`fuses: ${[...fuses].map(([name, state]) => `${name} ${state}`).join(', ')}`);
  if (!process.argv.includes('--dir')) {
    for (const { target, made, reason } of await tryTargets())
      say(made ? `${target}: in ${PACKAGE_OUT}` : `${target}: not made here (${reason})`);
  }
}
