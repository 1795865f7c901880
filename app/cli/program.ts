import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { CommandEntry } from './command-table.ts';
import { CliFailure, EXIT, type ExitCode } from './io.ts';

/**
 * Parses `args` (without the node and script names) and runs the command. Gives the exit code that a failure stands for;
 * `undefined` means the command itself decided (`process.exitCode`).
 */
export async function runProgram(
  args: readonly string[],
  table: readonly CommandEntry[],
  env: NodeJS.ProcessEnv,
): Promise<ExitCode | undefined> {
  try {
    const program = await buildProgram(args, table);
    await program.parseAsync([...args], { from: 'user' });
    return undefined;
  } catch (error) {
    return explain(error, env);
  }
}

async function buildProgram(args: readonly string[], table: readonly CommandEntry[]): Promise<Command> {
  const program = new Command('jointgate')
    .description('Joint border-control lane: documents, faces, records, diagnostics. Runs without a screen.')
    .version(packageVersion(), '-V, --version');
  // `jointgate help NAME` needs the real command as well: its options belong to the help.
  const wanted = args.find((arg) => !arg.startsWith('-') && arg !== 'help');
  for (const { name, summary, load } of table) {
    const command = name === wanted ? (await load()).buildCommand() : new Command(name);
    program.addCommand(command.summary(summary));
  }
  adopt(program);
  return program;
}

/** `addCommand` inherits nothing: every level must throw instead of exiting, and must answer wrong usage the same way. */
function adopt(command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error:/, 'jointgate:')) });
  for (const child of command.commands) adopt(child);
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function explain(error: unknown, env: NodeJS.ProcessEnv): ExitCode {
  if (error instanceof CommanderError) {
    // Commander has already printed. Help that was not asked for ("which subcommand?") is wrong usage.
    return error.exitCode === 0 ? EXIT.success : EXIT.usage;
  }
  if (error instanceof CliFailure && error.exitCode !== EXIT.fault) {
    process.stderr.write(`jointgate: ${oneLine(error.message)}\n`);
    return error.exitCode;
  }
  return reportFault(error, env);
}

/** One line, never a stack: a technician reads this at a console. `JOINTGATE_DEBUG=1` shows the stack to developers. */
export function reportFault(error: unknown, env: NodeJS.ProcessEnv): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`jointgate: fault: ${oneLine(message)}\n`);
  if (env.JOINTGATE_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return EXIT.fault;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 500);
