import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnCli } from '../spawn-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-officer-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PIN = '481516';
const EXIT = ['--role', 'exitOfficer', '--authority', 'CHN'];
const officer = (args: readonly string[], input = '') =>
  spawnCli(['officer', ...args, '--data', join(folder, 'data')], { input });

test('accounts are added with a PIN from standard input, listed, closed and given another PIN', async () => {
  expect(await officer(['add', 'E1001', ...EXIT], `${PIN}\n`)).toMatchObject({ code: 0 });
  expect(await officer(['add', 'E1001', '--role', 'auditor'], PIN)).toMatchObject({ code: 1 });
  expect(await officer(['add', 'E1002', ...EXIT, '--json'], '123456')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('"pinTooSimple"'),
  });
  expect(await officer(['disable', 'E1001'])).toMatchObject({ code: 0 });
  const listed = await officer(['list', '--json']);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    number: 'E1001',
    role: 'exitOfficer',
    authority: 'CHN',
    closed: true,
    pinIsFirst: true,
  });
  expect(listed.stdout).not.toContain('argon2');
  expect(await officer(['enable', 'E1001'])).toMatchObject({ code: 0 });
  expect(await officer(['reset-pin', 'E1001'], '102938')).toMatchObject({ code: 0 });
  expect(await officer(['disable', 'X999'])).toMatchObject({ code: 1 });
});

test('a PIN is never an argument, and lies nowhere in clear', async () => {
  expect(await officer(['add', 'E1003', ...EXIT, '--pin', PIN])).toMatchObject({ code: 2 });
  expect(await officer(['add', 'E1003', ...EXIT], 'abc')).toMatchObject({ code: 2 });
  expect(await officer(['add', 'e 1', ...EXIT], PIN)).toMatchObject({ code: 2 });
  const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect(readFileSync(join(file.parentPath, file.name), 'latin1')).not.toContain(PIN);
});

test('an officer of a control is bound to an authority, and nobody else is', async () => {
  expect(await officer(['add', 'E1004', '--role', 'exitOfficer'], PIN)).toMatchObject({ code: 2 });
  expect(await officer(['add', 'E1004', '--role', 'exitOfficer', '--authority', 'china'], PIN)).toMatchObject({
    code: 2,
  });
  expect(await officer(['add', 'P3001', '--role', 'portSupervisor', '--authority', 'CHN'], PIN)).toMatchObject({
    code: 2,
  });
  expect(await officer(['add', 'P3001', '--role', 'portSupervisor'], PIN)).toMatchObject({ code: 0 });
  expect(await officer(['bind', 'P3001', '--authority', 'CHN'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('belongs to no authority'),
  });
  expect(await officer(['bind', 'E1001', '--authority', 'MAC'])).toMatchObject({ code: 0 });
  expect(await officer(['bind', 'X999', '--authority', 'MAC'])).toMatchObject({ code: 1 });
  const { stdout } = await officer(['list']);
  expect(stdout).toMatch(/E1001 +exitOfficer +MAC +first PIN/);
  expect(stdout).toMatch(/P3001 +portSupervisor +port +first PIN/);
});
