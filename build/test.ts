import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { endToEndEnvironment } from './e2e-environment.ts';
import { prepareLaunch } from './launch.ts';

/**
 * `npm test`: types, lint and format, layer rule, unit and integration tests, end-to-end tests in real Electron. Every stage runs,
 * so that one failure does not hide another; the last line counts all tests.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = `${ROOT}out/test`;

/** The longer stories are left to `npm run e2e`, so that this stays under ten minutes; `JOINTGATE_LONG=1` tells them here too. */
const QUICK = process.env.JOINTGATE_LONG === undefined ? ['--grep-invert', '@long'] : [];

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): boolean {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', env });
  return status === 0;
}

function stage(name: string, command: string, args: readonly string[]): Counts {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const good = run(command, args);
  console.log(`== ${name}: ${good ? 'passed' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: [] };
}

function unit(): Counts {
  const file = `${OUT}/unit.json`;
  console.log('\n== unit and integration tests');
  const good = run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
  interface Report {
    numPassedTests: number;
    numFailedTests: number;
    testResults: { status: string; assertionResults: { status: string; fullName: string }[] }[];
  }
  const report = readReport<Report>(file);
  if (report === null) return { passed: 0, failed: 1, skipped: [] };
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const skipped = results
    .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
    .map(({ fullName }) => fullName);
  // A file that does not load, or an unhandled error, fails the run without failing a test.
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + (good || report.numFailedTests > 0 ? 0 : 1),
    skipped,
  };
}

async function endToEnd(): Promise<Counts> {
  console.log('\n== end-to-end tests in Electron');
  const launchable = await prepareLaunch((line) => console.log(line));
  const file = `${OUT}/e2e.json`;
  const env = endToEndEnvironment(launchable, file);
  const good = run('playwright', ['test', '--config', 'test/e2e/playwright.config.ts', ...QUICK], env);
  launchable.display?.close();
  const report = readReport<{ stats: { expected: number; unexpected: number; skipped: number; flaky: number } }>(file);
  if (report === null) return { passed: 0, failed: 1, skipped: [] };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failed = unexpected + flaky;
  return {
    passed: expected,
    failed: failed + (good || failed > 0 ? 0 : 1),
    skipped: skipped > 0 ? [`${skipped} end-to-end tests`] : [],
  };
}

function readReport<T>(file: string): T | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const counts = [
  stage('types', 'tsc', ['-p', '.']),
  stage('lint and format', 'biome', ['check', '--error-on-warnings', '.']),
  stage('layer rule', 'depcruise', [
    '--config',
    'build/layers/dependency-cruiser.cjs',
    'app',
    'native-bridge',
    'models',
    'build',
  ]),
  unit(),
  await endToEnd().catch((error: unknown): Counts => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: [] };
  }),
];
const skipped = counts.flatMap((count) => count.skipped);
for (const name of skipped) console.log(`skipped: ${name}`);
const sum = (pick: (count: Counts) => number): number => counts.reduce((total, count) => total + pick(count), 0);
const failed = sum((count) => count.failed);
console.log(`\nTests: ${sum((count) => count.passed)} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed === 0 ? 0 : 1);
