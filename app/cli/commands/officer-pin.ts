import { createInterface } from 'node:readline';
import { pinSchema } from '../../contract/officer-account.ts';
import { readInput, usageFailure } from '../io.ts';

const MAX_PIN_INPUT = 64;

/**
 * A first PIN, typed twice without echo at a terminal, or the one line of standard input. Never from the arguments: those
 * stand in the shell's history and in the process list.
 */
export async function readFirstPin(): Promise<string> {
  const pin = process.stdin.isTTY ? await typedTwice() : (await readInput('-', MAX_PIN_INPUT)).toString('utf8').trim();
  if (!pinSchema.safeParse(pin).success) throw usageFailure('a PIN is six to twelve digits');
  return pin;
}

async function typedTwice(): Promise<string> {
  const first = await askHidden('First PIN (six to twelve digits): ');
  if ((await askHidden('The same again: ')) !== first) throw usageFailure('the two PINs differ');
  return first;
}

function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  return new Promise((resolve) => {
    // No output stream: what is typed is shown nowhere.
    const line = createInterface({ input: process.stdin, terminal: true });
    line.question('', (answer) => {
      line.close();
      process.stderr.write('\n');
      resolve(answer.trim());
    });
  });
}
