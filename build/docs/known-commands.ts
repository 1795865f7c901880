import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { load } from './product.ts';

/** What commands may be named: npm's scripts, and what `jointgate` knows. */
export interface KnownCommands {
  readonly scripts: ReadonlySet<string>;
  readonly jointgate: ReadonlyMap<string, KnownCommand>;
}

/** One of `jointgate`'s commands: its options (`--json`) with those of its subcommands, which are named. */
export interface KnownCommand {
  readonly options: ReadonlySet<string>;
  readonly subcommands: ReadonlySet<string>;
}

/** What of commander's own objects is looked at. */
interface CommandLike {
  name(): string;
  readonly options: readonly { readonly long?: string | null | undefined }[];
  readonly commands: readonly CommandLike[];
}
const commandSchema = z.custom<CommandLike>((value) => value instanceof Object && 'options' in value);
const moduleSchema = z.object({ buildCommand: z.custom<() => unknown>((value) => typeof value === 'function') });
const tableSchema = z.array(
  z.object({ name: z.string(), load: z.custom<() => Promise<unknown>>((value) => typeof value === 'function') }),
);

export async function knownCommands(): Promise<KnownCommands> {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(text));
  const table = tableSchema.parse((await load('app/cli/command-table.ts')).COMMAND_TABLE);
  const commands = table.map(async (entry) => [entry.name, known(await entry.load())] as const);
  return { scripts: new Set(Object.keys(scripts)), jointgate: new Map(await Promise.all(commands)) };
}

function known(module: unknown): KnownCommand {
  const command = commandSchema.parse(moduleSchema.parse({ ...Object(module) }).buildCommand());
  const subcommands = new Set(command.commands.map((one) => one.name()));
  return { options: new Set(['--help', ...optionsOf(command)]), subcommands };
}

function optionsOf({ options, commands }: CommandLike): readonly string[] {
  return [...options.flatMap(({ long }) => (long == null ? [] : [long])), ...commands.flatMap(optionsOf)];
}
