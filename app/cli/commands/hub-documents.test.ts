import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { openPortBench } from '../../hub/hub-bench.fixture.ts';
import type { Hub } from '../../hub/open-hub.ts';
import { spawnCli } from '../spawn-cli.ts';
import { greyPortrait, nobody } from './enrol.fixture.ts';

const bench = await openPortBench();
afterAll(() => bench?.dispose());

// Beside a hub that serves: what is published by command is in its journal, and is what it gives to lanes.
describe.skipIf(bench === null)('documents of a port', () => {
  if (bench === null) return;
  const { folder } = bench;
  let hub: Hub;
  let config = '';

  beforeAll(async () => {
    const connection = await bench.freshDatabase();
    writeFileSync(
      join(folder, 'database'),
      `postgres://${connection.user}@/${connection.database}?host=${encodeURIComponent(connection.host)}&port=${connection.port}`,
      { mode: 0o600 },
    );
    hub = await bench.openHub({ controlKeys: { exit: [], entry: [] } });
    mkdirSync(join(folder, 'hub', 'keys'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'hub', 'keys', 'port-signing.pem'), bench.hubKey.pem, { mode: 0o600 });
    for (const name of ['cert.pem', 'key.pem', 'ca.pem']) writeFileSync(join(folder, name), 'not served with here');
    config = join(folder, 'hub.json');
    writeFileSync(
      config,
      JSON.stringify({
        version: 1,
        dataFolder: 'hub',
        lanes: { host: '127.0.0.1', port: 0 },
        console: null,
        tls: { cert: 'cert.pem', key: 'key.pem', laneCa: 'ca.pem' },
        controlKeys: { exit: [], entry: [] },
        databaseFile: 'database',
      }),
    );
  });
  afterAll(() => hub.close());

  const ofHub = (...args: readonly string[]) => spawnCli(['hub', ...args, '--config', config, '--json']);
  const publish = (kind: string, ...files: readonly string[]) => ofHub('publish', kind, ...files, '--by', 'desk@port');
  const enrol = (args: readonly string[], input = '') =>
    spawnCli(['enrol', ...args, '--data', join(folder, 'desk')], { input });
  async function sealTo(out: string): Promise<string> {
    expect(await enrol(['seal', '--out', join(folder, out)])).toMatchObject({ code: 0 });
    return join(folder, out, readdirSync(join(folder, out))[0] ?? '');
  }
  async function ask(query: string): Promise<readonly unknown[]> {
    const pool = new Pool(bench?.connection);
    const { rows } = await pool.query(query);
    await pool.end();
    return rows;
  }

  test('travellers enrolled by command reach the lanes by command, and leave no trace at the hub when withdrawn', async () => {
    const portrait = await greyPortrait(folder);
    const added = await enrol(['add', '--portrait', portrait], JSON.stringify(nobody('specimen-1')));
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const file = await sealTo('first');
    const name = file.slice(file.lastIndexOf('/') + 1);

    expect(await publish('profiles', file)).toMatchObject({
      code: 0,
      stdout: `${JSON.stringify({ kind: 'profiles', name, version: 1, changed: true })}\n`,
      stderr: '',
    });
    const held = unwrap(await hub.parts.documents.read({ kind: 'profiles', name }));
    expect(held).toMatchObject({ version: 1, changedBy: 'desk@port', content: JSON.parse(readFileSync(file, 'utf8')) });
    // The same again changes nothing.
    expect((await publish('profiles', file)).stdout).toContain('"version":1,"changed":false');

    await enrol(['withdraw', 'specimen-1']);
    expect((await publish('profiles', await sealTo('second'))).stdout).toContain('"version":2,"changed":true');
    expect(await ask('SELECT version FROM hub_documents')).toEqual([{ version: 2 }]);
    const lines = `SELECT payload::jsonb -> 'facts' ->> 'officer' AS officer FROM journal
      WHERE payload::jsonb ->> 'event' = 'hubDocumentChanged'`;
    expect(await ask(lines)).toEqual([{ officer: 'desk@port' }, { officer: 'desk@port' }]);
    expect((await ofHub('documents')).stdout).toMatch(
      new RegExp(`"kind":"profiles","name":"${name}","version":2,.*"desk@port"`),
    );
  }, 60_000);

  test('takes rules and trust lists, keeps their versions, and refuses what lanes would refuse', async () => {
    const example = new URL('../../controls/rules/examples/exit.chn.json', import.meta.url);
    const rules = JSON.parse(readFileSync(example, 'utf8'));
    const at = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    expect((await publish('rules', at('exit.json', JSON.stringify(rules)))).stdout).toContain(
      '"version":1,"changed":true',
    );
    const next = at('exit.json', JSON.stringify({ ...rules, version: 'port-2' }));
    const trust = at('list.ml', 'any bytes');
    // One wrong file among them: none is published.
    expect(await publish('rules', next, at('entry.json', JSON.stringify(rules)))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('exit.json'),
    });
    expect((await publish('rules', next)).stdout).toContain('"version":2,"changed":true');
    // Where lanes lead both ways, each authority's rules of a side have a name of their own.
    expect(await publish('rules', at('exit.mac.json', JSON.stringify(rules)))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('CHN'),
    });
    expect((await publish('rules', at('exit.chn.json', JSON.stringify(rules)))).stdout).toContain('"version":1');
    expect(await ask(`SELECT count(*)::int AS n FROM hub_documents WHERE kind = 'rules'`)).toEqual([{ n: 3 }]);
    expect((await publish('trust', trust)).code).toBe(0);
    expect(unwrap(await hub.parts.documents.read({ kind: 'trust', name: 'list.ml' }))?.content).toEqual({
      format: 'jointgate-trust/1',
      data: Buffer.from('any bytes').toString('base64'),
    });
    expect((await publish('profiles', next)).code).toBe(2);
    expect((await publish('rules', at('Wrong Name', '{}'))).code).toBe(2);
    expect((await publish('trust', at('large.ml', 'x'.repeat(1_000_000)))).code).toBe(2);
    expect((await spawnCli(['hub', 'documents'])).code).toBe(2);
  }, 60_000);
});
