import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ControlKeys } from '../clearance-check.ts';

const WRITER = fileURLToPath(new URL('./crossing-writer.fixture.ts', import.meta.url));

export interface KilledWriter {
  /** The last state the writer was told for each record, in order of acknowledgement. */
  readonly acknowledged: ReadonlyMap<string, string>;
  readonly controlKeys: ControlKeys;
}

/** Lets a writer process run and kills it with SIGKILL once it has said `acks` acknowledgements, in the middle of the next. */
export async function runAndKill(path: string, keyFile: string, acks: number): Promise<KilledWriter> {
  const child = spawn(process.execPath, [WRITER, path, keyFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged = new Map<string, string>();
  let controlKeys: ControlKeys | null = null;
  let seen = 0;
  // Reading goes on to the end of the pipe: what was said before the kill counts, even if it is read after it.
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, first = '', state = ''] = line.split(' ');
    if (word === 'ready') controlKeys = JSON.parse(line.slice('ready '.length)) as ControlKeys;
    if (word === 'ack' && state !== '') acknowledged.set(first, state);
    if (word === 'ack' && ++seen === acks) child.kill('SIGKILL');
  }
  if (controlKeys === null) throw new Error('the writer never opened the store');
  return { acknowledged, controlKeys };
}
