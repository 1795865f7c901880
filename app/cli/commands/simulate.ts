import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Argument, Command, Option } from 'commander';
import { callerPath, fault } from '../io.ts';

/** The simulators run in a process of their own: product code does not import them, and a technician's terminal talks to them directly. */
const STANDALONE = fileURLToPath(new URL('../../../native-bridge/simulators/standalone-main.ts', import.meta.url));
const KINDS = [
  'line-stream',
  'elyctis',
  'newland',
  'honeywell',
  'lane-controller',
  'pn532',
  'realsense-id',
  'visca-tilt',
];

export function buildCommand(): Command {
  return new Command('simulate')
    .description(
      'Be one device at the other end of a pseudo-terminal, steered by lines on standard input (presentDocument, walkIn 1, unplug, ..).',
    )
    .addArgument(new Argument('<device>', 'what to be').choices(KINDS))
    .option('--pty <path>', 'name to appear under; a temporary one if none is given')
    .addOption(new Option('--doors <n>', 'doors of the lane controller').choices(['2', '3']).default('3'))
    .action(run);
}

async function run(device: string, options: { readonly pty?: string; readonly doors: string }): Promise<void> {
  const pty = options.pty === undefined ? [] : ['--pty', callerPath(options.pty)];
  const child = spawn(process.execPath, [STANDALONE, device, '--doors', options.doors, ...pty], { stdio: 'inherit' });
  // Ctrl-C reaches both; the simulator ends first and cleans up its name.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  process.off('SIGINT', ignore);
  if (code !== 0 && signal !== 'SIGINT') throw fault(`the simulator ended with ${code ?? signal}`);
}
