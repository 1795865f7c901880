import { expect, test } from 'vitest';
import { COMMAND_TABLE } from './command-table.ts';
import { callerPath } from './io.ts';
import { spawnCli } from './spawn-cli.ts';

test('--help lists every command of the table and succeeds', async () => {
  const run = await spawnCli(['--help']);
  expect(run.code).toBe(0);
  for (const { name, summary } of COMMAND_TABLE) {
    expect(run.stdout).toContain(name);
    expect(run.stdout).toContain(summary.slice(0, 20));
  }
});

test.each([
  ['no command at all', []],
  ['an unknown command', ['no-such-command']],
  ['an unknown option', ['mrz', '--no-such-option']],
])('%s is wrong usage', async (_name, args) => {
  const run = await spawnCli(args);
  expect(run.code).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).not.toBe('');
});

test('relative paths are the caller’s: INIT_CWD when npm sets it, the working directory otherwise', () => {
  expect(callerPath('a.txt', { INIT_CWD: '/caller' }, '/package')).toBe('/caller/a.txt');
  expect(callerPath('a.txt', {}, '/package')).toBe('/package/a.txt');
  expect(callerPath('/abs/a.txt', { INIT_CWD: '/caller' }, '/package')).toBe('/abs/a.txt');
});

test('a reader that stops reading ends the command quietly', async () => {
  const documents = new Array(8000).fill(
    'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n',
  );
  const run = await spawnCli(['mrz', '--json'], { input: documents.join('\n'), closeOutputEarly: true });
  expect(run.stderr).toBe('');
});

// One process a subcommand: the machine may be busy.
test('every command and subcommand has --help', async () => {
  for (const { name, load } of COMMAND_TABLE) {
    const { commands } = (await load()).buildCommand();
    const calls = [[name], ...commands.map((command) => [name, command.name()])];
    for (const call of calls) {
      const run = await spawnCli([...call, '--help']);
      expect(run, call.join(' ')).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout).toContain(`Usage: jointgate ${call.join(' ')}`);
    }
  }
});
