import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const has = (command: string): boolean => spawnSync(command, ['-V'], { stdio: 'ignore' }).error === undefined;

/** Null when spin and gcc are there, or have just been installed; otherwise the words for whoever has to install them. */
export function missingTools(mayInstall: boolean): string | null {
  const missing = ['spin', 'gcc'].filter((command) => !has(command));
  if (missing.length === 0) return null;
  const isDebian = existsSync('/etc/debian_version');
  if (mayInstall && isDebian && process.getuid?.() === 0) {
    process.stdout.write(`installing ${missing.join(', ')} with apt-get\n`);
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
    spawnSync('apt-get', ['update', '-qq'], options);
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing, 'libc6-dev'], options);
    if (['spin', 'gcc'].every(has)) return null;
  }
  return isDebian
    ? `needs ${missing.join(' and ')}: apt-get install ${missing.join(' ')} libc6-dev`
    : `needs ${missing.join(' and ')} on the PATH (https://spinroot.com, any C compiler called gcc)`;
}
