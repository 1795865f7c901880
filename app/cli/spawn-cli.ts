import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Closes our end of its standard output after the first bytes, as `head` does. */
  readonly closeOutputEarly?: boolean;
}

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** For tests: runs the real command in a process of its own, with `input` on its standard input, closed at the end. */
export function spawnCli(args: readonly string[], options: SpawnOptions = {}): Promise<CliRun> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...process.env, INIT_CWD: '', JOINTGATE_DEBUG: '', ...options.env },
  });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    if (options.closeOutputEarly === true) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // The command may end before it has read everything: that is what some tests are about.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      settle({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(errors).toString() });
    });
  });
}
