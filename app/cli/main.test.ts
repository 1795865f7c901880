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
