import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check } from './checks.ts';

export interface Verdict {
  /** Null: the model holds. Otherwise what the checker says is violated. */
  readonly violation: string | null;
  readonly states: number;
  readonly transitions: number;
  readonly memoryMb: number;
  readonly seconds: number;
}

/** The bound of the whole check; pan itself stops there, and a search that stopped is no proof. */
const MEMORY_LIMIT_MB = 1_000;
const MAX_DEPTH = 1_000_000;

/** Translates the model to C, compiles it, searches its whole state space. Throws when any of the three does not come to its end. */
export async function verify(check: Check): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), 'jointgate-model-'));
  try {
    const model = fileURLToPath(new URL(check.model, import.meta.url));
    const translated = await run('spin', ['-a', ...check.defines.map((name) => `-D${name}`), model], folder);
    if (/Error|error:/.test(translated)) throw new Error(`spin refuses ${check.model}: ${translated}`);
    const kind = check.liveness ? ['-DNFAIR=4'] : ['-DSAFETY'];
    // -O1: most searches are shorter than a better compilation.
    await run('gcc', ['-w', '-O1', '-DCOLLAPSE', `-DMEMLIM=${MEMORY_LIMIT_MB}`, ...kind, '-o', 'pan', 'pan.c'], folder);
    const started = performance.now();
    // -E: a model at rest is judged by its own process AtRest.
    const said = await run('./pan', [`-m${MAX_DEPTH}`, '-E', ...(check.liveness ? ['-a', '-f'] : [])], folder);
    return read(said, (performance.now() - started) / 1_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What pan says on its standard output. */
export function read(said: string, seconds: number): Verdict {
  const number = (pattern: RegExp): number => {
    const found = pattern.exec(said)?.[1];
    if (found === undefined) throw new Error(`the checker did not come to its end: ${said.slice(0, 500)}`);
    return Number(found);
  };
  const errors = number(/errors: (\d+)/);
  const violation = /^pan:\d+: (.*)$/m.exec(said)?.[1] ?? null;
  // Out of memory or out of depth, and nothing found: that is no answer.
  if (errors === 0 && /Search not completed|max search depth too small|out of memory/.test(said)) {
    throw new Error(`the search was not exhaustive: ${said.slice(0, 500)}`);
  }
  return {
    violation: errors === 0 ? null : (violation ?? 'violated'),
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions/),
    memoryMb: number(/([\d.]+)\s+total actual memory usage/),
    seconds,
  };
}

function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd });
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    // pan ends with 0 whether or not it finds something; gcc and spin do not.
    child.on('close', (code) =>
      code === 0 ? resolve(said) : reject(new Error(`${command} ended with ${code}: ${said.slice(0, 2_000)}`)),
    );
  });
}
