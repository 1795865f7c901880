import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** One independent program that our devices or drivers are tried against. */
export interface Partner {
  readonly name: string;
  /** What it proves, in one line. */
  readonly proves: string;
  /** Debian packages it needs. */
  readonly packages: readonly string[];
  /** Why it can't run here, or null when it can. */
  missing(): Promise<string | null>;
  /** Throws when the partner and we disagree. Gives a line of what was seen. */
  run(): Promise<string>;
}

export function commandMissing(command: string): string | null {
  const found = (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, command), constants.X_OK);
      return true;
    } catch {
      // Not in this folder.
      return false;
    }
  });
  return found ? null : `${command} is not installed`;
}

export interface Spoken {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a partner to its end, or kills it after `timeoutMs`; both streams together. */
export function speakTo(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Spoken> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('latin1');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString('latin1');
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('error', (error) => {
      output += error.message;
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}

/** Debian's own Python, since another one on the PATH does not see Debian's modules. */
export const DEBIAN_PYTHON = '/usr/bin/python3';

export function pythonModuleMissing(modules: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(DEBIAN_PYTHON, ['-c', `import ${modules.join(', ')}`], (error) => {
      resolve(error === null ? null : `python modules ${modules.join(', ')} are not installed`);
    });
  });
}

export function expectMatch(output: string, pattern: RegExp, what: string): void {
  if (!pattern.test(output)) throw new Error(`${what}: expected ${pattern} in\n${output}`);
}
