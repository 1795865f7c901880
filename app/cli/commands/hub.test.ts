import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { spawnCli } from '../spawn-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'jointgate-hub-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};
const config = (change: object = {}): string =>
  write(
    'hub.json',
    JSON.stringify({
      version: 1,
      dataFolder: '.',
      lanes: { host: '127.0.0.1', port: 0 },
      console: null,
      tls: { cert: 'cert.pem', key: 'key.pem', laneCa: 'ca.pem' },
      controlKeys: { exit: [], entry: [] },
      ...change,
    }),
  );
for (const name of ['cert.pem', 'key.pem', 'ca.pem']) write(name, 'no certificate');

test('says what it needs', async () => {
  expect(await spawnCli(['hub'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--config') });
  expect(await spawnCli(['hub', '--config', config({ lanes: 3 })])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('lanes'),
  });
  expect(await spawnCli(['hub', '--config', config()])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('JOINTGATE_DATABASE_URL'),
  });
});

test('takes no password from its arguments, and none from a file that others can read', async () => {
  const secret = 'postgres://hub:SECRET@127.0.0.1:1/port';
  const argued = await spawnCli(['hub', '--config', config(), '--database', secret]);
  expect(argued).toMatchObject({ code: 2, stderr: expect.stringContaining('no password in --database') });
  expect(argued.stderr).not.toContain('SECRET');
  write('database', secret, 0o644);
  expect(await spawnCli(['hub', '--config', config({ databaseFile: 'database' })])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('0600'),
  });
});

test('a database that is not there is a fault in one line, without the secret', async () => {
  write('database', 'postgres://hub:SECRET@127.0.0.1:1/port');
  const failed = await spawnCli(['hub', '--config', config({ databaseFile: 'database' })]);
  expect(failed).toMatchObject({ code: 3, stderr: expect.stringMatching(/^jointgate: fault: databaseFailed/) });
  expect(failed.stderr).not.toMatch(/SECRET|\n.*at /);
});
