import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { systemTiming } from '../ports/timing.ts';
import { ImpossibleAct } from './impossible-act.ts';
import { STANDALONE_KINDS, startStandalone } from './standalone.ts';

/**
 * One simulated device on its own, steered by lines on standard input: `node standalone-main.ts KIND --pty PATH [--doors N]`.
 * It answers each line with one, `ok` or `impossible: why`, and ends with its input.
 */
function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { pty: { type: 'string' }, doors: { type: 'string', default: '3' } },
});
const kind =
  STANDALONE_KINDS.find((each) => each === positionals[0]) ?? fail(`name a device: ${STANDALONE_KINDS.join(', ')}`);
const doors = values.doors === '2' ? 2 : values.doors === '3' ? 3 : fail('--doors is 2 or 3');
const device = startStandalone(kind, values.pty ?? null, doors, systemTiming);
process.stdout.write(`${kind} at ${device.path}; verbs: ${device.usage}\n`);

const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  const [verb = '', ...words] = line.trim().split(/\s+/);
  if (verb === '') continue;
  try {
    const done = await device.act(verb, words);
    process.stdout.write(done ? 'ok\n' : `unknown verb or missing argument; verbs: ${device.usage}\n`);
  } catch (error) {
    if (!(error instanceof ImpossibleAct)) throw error;
    process.stdout.write(`impossible: ${error.message}\n`);
  }
}
device.close();
