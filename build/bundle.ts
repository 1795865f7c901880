import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type OutputOptions, type Plugin, rolldown } from 'rolldown';
import { build as viteBuild } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, 'stamp.txt');
const SOURCES = ['app', 'native-bridge', 'models', 'build', 'package-lock.json', 'package.json'];

/** Left to node_modules: native code and what loads files of its own beside itself. */
const EXTERNAL = [
  'electron',
  'better-sqlite3',
  'serialport',
  'node-hid',
  'onnxruntime-node',
  'sharp',
  '@lydell/node-pty',
  '@cornerstonejs/codec-openjpeg',
  /^@cornerstonejs\/codec-openjpeg\//,
  'pg',
];

/**
 * Bundles for Electron: main and preload as CommonJS (old and new Electron run them), the lane process, its workers and the demo
 * devices as flat ES modules, the screens by Vite. Command line, tests and benchmarks run the sources as they stand.
 */
export async function bundle(say: (line: string) => void): Promise<void> {
  const stamp = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;
  const started = performance.now();
  rmSync(DIST, { recursive: true, force: true });
  mkdirSync(DIST, { recursive: true });
  await bundleCommonJs('main', { main: 'app/main/main.ts' });
  for (const name of ['traveller', 'supervisor', 'bench', 'diagnostics'])
    await bundleCommonJs('preload', { [name]: `app/preload/${name}.ts` });
  await bundleModules('lane', {
    lane: 'app/lane/lane-process.ts',
    'face-worker': 'models/face/face-worker.ts',
    'model-thread': 'models/face/model-thread.ts',
    'record-worker': 'app/record/sqlite/record-worker.ts',
    'pin-worker': 'app/officers/pin-worker.ts',
    'search-worker': 'app/record/search/search-worker.ts',
    'diagnostics-worker': 'app/lane/diagnostics/heavy/heavy-worker.ts',
  });
  await bundleModules(
    'cli',
    {
      jointgate: 'app/cli/main.ts',
      'face-worker': 'models/face/face-worker.ts',
      'model-thread': 'models/face/model-thread.ts',
      'record-worker': 'app/record/sqlite/record-worker.ts',
      'pin-worker': 'app/officers/pin-worker.ts',
      'search-worker': 'app/record/search/search-worker.ts',
      'diagnostics-worker': 'app/lane/diagnostics/heavy/heavy-worker.ts',
    },
    [withoutSimulators()],
  );
  await bundleModules('demo', {
    demo: 'app/demo/bench-process.ts',
    'camera-worker': 'app/demo/camera-worker.ts',
    'pin-worker': 'app/officers/pin-worker.ts',
  });
  await viteBuild({ configFile: join(ROOT, 'build/renderer/vite.config.ts'), logLevel: 'warn' });
  writeFileSync(STAMP, stamp);
  say(`bundled in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Main and preload: one file each, for the oldest runtime we run on. */
function bundleCommonJs(folder: string, input: Record<string, string>): Promise<void> {
  return bundleWith(input, 'node18', {
    dir: join(DIST, folder),
    format: 'cjs',
    entryFileNames: '[name].cjs',
    codeSplitting: false,
  });
}

/** Processes and their workers, side by side in one folder, so that each finds its worker beside itself. */
function bundleModules(folder: string, input: Record<string, string>, plugins: readonly Plugin[] = []): Promise<void> {
  const output: OutputOptions = {
    dir: join(DIST, folder),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
  };
  return bundleWith(input, 'node22', output, plugins);
}

/** The installed command plays nobody and simulates nothing: those commands stay in the checkout and say so. */
function withoutSimulators(): Plugin {
  const ABSENT = '\0absent';
  return {
    name: 'without-simulators',
    resolveId: (id) => (/\/commands\/(demo|simulate|diag-demo)\.ts$/.test(id) ? ABSENT : null),
    load: (id) =>
      id === ABSENT
        ? `export const buildCommand = () => { throw new Error('this command is part of the source checkout, not of an installed lane'); };
           export const testDemoLane = buildCommand;`
        : null,
  };
}

async function bundleWith(
  input: Record<string, string>,
  target: string,
  output: OutputOptions,
  plugins: readonly Plugin[] = [],
): Promise<void> {
  const build = await rolldown({
    input: absolute(input),
    cwd: ROOT,
    platform: 'node',
    external: EXTERNAL,
    logLevel: 'warn',
    transform: { target },
    plugins: [...plugins],
  });
  await build.write(output);
  await build.close();
}

function absolute(input: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(input).map(([name, path]) => [name, join(ROOT, path)]));
}

/** Names, sizes and times of every source: the bundles are made again exactly when one of them changed. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (!/\.(test|contract)\.tsx?$/.test(path)) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const source of SOURCES) visit(join(ROOT, source));
  return hash.digest('hex');
}

if (import.meta.main) await bundle((line) => console.log(line));
