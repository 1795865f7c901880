import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** What headless Debian lacks for Electron (reference: runtime facts, "Display"). */
const DEBIAN_PACKAGES =
  'xvfb libnss3 libatk1.0-0 libatk-bridge2.0-0 libcups2 libdrm2 libgbm1 libgtk-3-0 libasound2 libxss1 libxtst6 fonts-noto-color-emoji'.split(
    ' ',
  );

export interface Display {
  readonly name: string;
  readonly virtual: boolean;
  close(): void;
}

/** Installs what the executable needs and the system lacks when that is allowed (root on Debian); otherwise names the command. */
export function ensureSystemLibraries(
  executable: string,
  needsVirtualDisplay: boolean,
  say: (line: string) => void,
): void {
  const missing = missingLibraries(executable);
  if (needsVirtualDisplay && !isInstalled('Xvfb')) missing.push('Xvfb');
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y ${DEBIAN_PACKAGES.join(' ')}`;
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    throw new Error(
      `Electron needs system libraries that are not here (${missing.slice(0, 3).join(', ')} ..). On Debian type: sudo sh -c '${command}'`,
    );
  }
  say(`installing system libraries (${missing.slice(0, 3).join(', ')} ..) with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...DEBIAN_PACKAGES], {
    env,
    stdio: 'ignore',
  });
  const still = missingLibraries(executable);
  if (still.length > 0) throw new Error(`these libraries could not be installed: ${still.join(', ')}`);
}

function missingLibraries(executable: string): string[] {
  if (process.platform !== 'linux') return [];
  const text = execFileSync('ldd', [executable], { encoding: 'utf8' });
  return [...text.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${program}`));
}

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** Starts Xvfb on a free display number, large enough for a portrait kiosk and a console side by side. */
export async function openVirtualDisplay(): Promise<Display> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '3200x1920x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await readDisplayNumber(child);
  return { name: `:${number}`, virtual: true, close: () => child.kill() };
}

function readDisplayNumber(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    child.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
}
