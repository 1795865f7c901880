import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, expect, type Page } from '@playwright/test';
import type { BenchAction, BenchView, FromBench, ToBench } from '../../app/contract/bench-messages.ts';
import { stepsShown } from './steps-shown.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const UNPACKED = join(ROOT, 'out/package/linux-unpacked');
const START_MS = 60_000;

/** A lane from the field package: the shipped bytes, its windows over Chromium's debugging port, its devices in a process of their own. */
export interface PackagedLane {
  readonly traveller: Page;
  readonly supervisor: Page;
  /** Milliseconds from starting the program to a traveller screen that asks for a document. */
  readonly readyMs: number;
  readonly main: ChildProcess;
  bench(): BenchView;
  act(action: BenchAction): void;
  step(step: string): Promise<void>;
  /** Process ids of the lane process that runs now. */
  lanePids(): readonly number[];
  keepPicture(name: string): Promise<void>;
  record(): string;
  close(): Promise<void>;
}

/** Builds the package where sources changed since; some ten seconds, nothing otherwise. */
export function buildPackage(): void {
  execFileSync(process.execPath, ['build/package/package.ts', '--dir'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/**
 * The package as it would be installed, by hard links, so that its bytes are the shipped ones. `permit`: lays the test bench's
 * permit beside them (docs/decisions/0045-driving-the-packaged-program.md); the binary and its fuses stay as they are.
 */
export function installPackage(permit: boolean): { readonly executable: string; remove(): void } {
  const home = mkdtempSync(join(ROOT, 'out/package/installed-'));
  execFileSync('cp', ['-al', UNPACKED, join(home, 'Jointgate')]);
  if (permit) writeFileSync(join(home, 'Jointgate/resources/test-bench-permit'), '');
  return {
    executable: join(home, 'Jointgate/jointgate'),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

export const SANDBOX_ARGS = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export async function launchPackaged(story: string): Promise<PackagedLane> {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-packaged-'));
  const installed = installPackage(true);
  const devices = await startDevices(folder);
  const started = performance.now();
  const main = spawn(
    installed.executable,
    [
      ...SANDBOX_ARGS,
      '--windowed',
      `--lane-profile=${devices.profile}`,
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${join(folder, 'camera.mjpeg')}`,
      '--remote-debugging-port=0',
      `--user-data-dir=${join(folder, 'chromium')}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // Electron has no browser contexts to set defaults on.
  const browser = await chromium.connectOverCDP(await debuggerAddress(main), { timeout: START_MS, noDefaults: true });
  const [traveller, supervisor] = [await pageOf(browser, 'traveller'), await pageOf(browser, 'supervisor')];
  const step = stepsShown(traveller, START_MS);
  await step('attract');
  const readyMs = performance.now() - started;
  const pictures = join(ROOT, 'out/e2e', story);
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  let count = 0;
  return {
    traveller,
    supervisor,
    readyMs,
    main,
    bench: () => devices.view(),
    act: (action) => devices.act(action),
    step,
    lanePids: () => childrenOf(main.pid ?? -1).filter((pid) => commandLine(pid).includes('/lane/dist/lane/lane.js')),
    keepPicture: async (name) => {
      count += 1;
      for (const [window, page] of Object.entries({ traveller, supervisor }))
        await page.screenshot({ path: join(pictures, `${String(count).padStart(2, '0')}-${name}-${window}.png`) });
    },
    record: () => join(folder, 'data/record.sqlite'),
    close: async () => {
      const ended = new Promise((resolve) => main.once('exit', resolve));
      await browser.close();
      main.kill('SIGTERM');
      await ended;
      devices.stop();
      installed.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The demo's devices from the sources: no simulator is in the package. */
async function startDevices(folder: string) {
  const child = fork(join(ROOT, 'app/demo/bench-process.ts'), [`--folder=${folder}`], { serialization: 'advanced' });
  let view: BenchView | null = null;
  const profile = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the demo devices ended with ${code}`)));
    child.on('message', (message: FromBench) => {
      if (message.type === 'view') view = message.view;
      else if (message.type === 'ready') resolve(message.laneProfilePath);
      else reject(new Error(message.message));
    });
  });
  return {
    profile,
    view: (): BenchView => {
      if (view === null) throw new Error('the devices have not shown themselves yet');
      return view;
    },
    act: (action: BenchAction) => child.send({ type: 'action', action } satisfies ToBench),
    stop: () => child.kill(),
  };
}

function debuggerAddress(main: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    main.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${text.slice(-400)}`)));
    main.stderr?.on('data', (data: Buffer) => {
      text = (text + data.toString()).slice(-8_000);
      // Chromium talks a lot on machines without a bus; what our own program says belongs in the report.
      for (const line of data.toString().split('\n'))
        if (/^(jointgate|lane):/.test(line)) process.stderr.write(`${line}\n`);
      const found = /DevTools listening on (ws:\/\/\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

async function pageOf(browser: Browser, name: string): Promise<Page> {
  const find = (): Page | undefined =>
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .find((page) => page.url().includes(`/${name}/`));
  await expect.poll(() => find() !== undefined, { timeout: START_MS }).toBe(true);
  const page = find();
  if (page === undefined) throw new Error(`no window ${name}`);
  return page;
}

/** All descendants of a process. */
function childrenOf(root: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      parents.set(Number(name), Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]));
    } catch {
      // It ended between the listing and the look.
    }
  }
  const belongs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || belongs(parent));
  };
  return [...parents.keys()].filter(belongs);
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
