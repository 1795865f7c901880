import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';

/** What the shell sees: done, a negative answer (invalid document, no match), wrong usage, a fault. */
export const EXIT = { success: 0, negative: 1, usage: 2, fault: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command early with one line on standard error and an exit code; thrown to the one catch in `main.ts`. */
export class CliFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.name = 'CliFailure';
    this.exitCode = exitCode;
  }
}

export const usageFailure = (message: string): CliFailure => new CliFailure(EXIT.usage, message);
export const fault = (message: string): CliFailure => new CliFailure(EXIT.fault, message);

/** The command answered, but not with yes: the process ends with 1 once its output is written. */
export function answerNegative(): void {
  process.exitCode = EXIT.negative;
}

/** npm changes the working directory to the package; the caller's own is in INIT_CWD. */
export function callerPath(path: string, env: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): string {
  return resolve(env.INIT_CWD || cwd, path);
}

/**
 * Reads a whole file, or standard input where `file` is undefined or `-`. At most `maxBytes` are kept: a longer or
 * endless input ends the command with wrong usage instead of filling the memory.
 */
export async function readInput(file: string | undefined, maxBytes: number): Promise<Buffer> {
  const name = file === undefined || file === '-' ? undefined : callerPath(file);
  const source: Readable = name === undefined ? process.stdin : createReadStream(name);
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    for await (const chunk of source) {
      const bytes = Buffer.from(chunk);
      total += bytes.length;
      if (total > maxBytes) throw usageFailure(`input is longer than ${maxBytes} bytes`);
      chunks.push(bytes);
    }
  } catch (error) {
    throw error instanceof CliFailure ? error : unreadable(file ?? 'standard input', error);
  } finally {
    source.destroy();
  }
  return Buffer.concat(chunks);
}

/** A file of JSON, or standard input; what is none ends the command with wrong usage. */
export async function readJson(file: string | undefined, maxBytes: number): Promise<unknown> {
  return parseJson(file ?? 'standard input', (await readInput(file, maxBytes)).toString('utf8'));
}

/** The parser's own words are left out: they may quote what stands there. */
export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw usageFailure(`${name} is no JSON`);
  }
}

/** Who changes something on the machine, as it is kept with the change. */
export function checkAccount(by: string): string {
  if (!/^[\w.@-]{1,64}$/.test(by)) throw usageFailure('--by is an account: letters, digits and . _ @ -');
  return by;
}

function unreadable(name: string, error: unknown): CliFailure {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  // A name that is not a file is the caller's mistake; a disk that does not answer is ours.
  const exitCode = code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR' ? EXIT.usage : EXIT.fault;
  return new CliFailure(exitCode, `cannot read ${name} (${code})`);
}

/** One JSON value on one line of standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** One line of text on standard output. */
export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Diagnostics go to standard error, so that standard output stays readable by machines. */
export function printNote(text: string): void {
  process.stderr.write(`jointgate: ${text}\n`);
}
