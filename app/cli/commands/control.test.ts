import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { evidenceDigest } from '../../controls/answer-signing.ts';
import { loadControlKeys } from '../../controls/embedded/control-keys.ts';
import { openEmbeddedControl } from '../../controls/embedded/embedded-control.ts';
import { openRemoteControl } from '../../controls/remote/remote-control.ts';
import { parseRuleSet } from '../../controls/rules/rule-set.ts';
import { createTestAuthority } from '../../controls/test-certificates.ts';
import { specimenNotice, specimenRequest } from '../../controls/test-kit.ts';
import { verifyAnswer } from '../../controls/verify-answer.ts';
import { spawnCli } from '../spawn-cli.ts';

const LANE_KEY = { keyId: 'lane-1', raw: 'a'.repeat(43) };
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../controls/rules/examples/', import.meta.url));
const RULES = join(EXAMPLES, 'exit.chn.json');
const SEED = join(EXAMPLES, 'entitlements.example.json');

let dir: string;
let child: ChildProcess | null = null;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'jointgate-control-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
  rmSync(dir, { recursive: true, force: true });
});

function save(name: string, text: string): string {
  writeFileSync(join(dir, name), text, { mode: 0o600 });
  return join(dir, name);
}

/** The first line on standard output: the server is ready. */
function firstLine(of: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    of.stdout?.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    of.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
}

test('serves a control that a lane with the right certificate can ask, and ends in order', async () => {
  const authority = await createTestAuthority();
  const [server, lane] = await Promise.all([authority.server(), authority.client('lane-1')]);
  child = spawn(
    process.execPath,
    [
      ...[MAIN, 'control', '--side', 'exit', '--data', join(dir, 'data'), '--rules', RULES, '--seed', SEED, '--json'],
      ...[
        '--listen',
        '127.0.0.1:0',
        '--tls-cert',
        save('cert.pem', server.cert),
        '--tls-key',
        save('key.pem', server.key),
      ],
      ...['--client-ca', save('ca.pem', authority.cert), '--client', lane.fingerprint.toLowerCase()],
      ...['--lane-keys', save('lanes.json', JSON.stringify([LANE_KEY]))],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ready = JSON.parse(await firstLine(child));
  expect(ready).toMatchObject({ side: 'exit', ruleVersion: 'chn-exit-2026.1' });
  const control = openRemoteControl({
    side: 'exit',
    url: ready.url,
    tls: { ca: authority.cert, cert: lane.cert, key: lane.key },
  });
  const request = specimenRequest('exit', { atMs: Date.now() });
  const answer = verifyAnswer({
    answer: unwrap(await control.prepare(request, new AbortController().signal)),
    side: 'exit',
    recordId: request.evidence.recordId,
    evidenceDigest: evidenceDigest(request.evidence),
    keys: [ready.signingKey],
    nowMs: Date.now(),
    maxAgeMs: 5_000,
  });
  expect(unwrap(answer).body.ruleVersion).toBe('chn-exit-2026.1');
  // The key is changed while it serves.
  const keys = async () => unwrap(await control.keys()).map(({ keyId }) => keyId);
  const rotated = async (step: string, count: number) => {
    expect((await spawnCli(['control', 'keys', step, ...where()])).code).toBe(0);
    child?.kill('SIGHUP');
    await vi.waitFor(async () => expect(await keys()).toHaveLength(count), 5_000);
  };
  const [old] = await keys();
  await rotated('prepare', 2);
  expect((await keys())[0]).toBe(old);
  expect((await spawnCli(['control', 'keys', 'activate', ...where()])).code).toBe(0);
  child.kill('SIGHUP');
  await vi.waitFor(async () => expect((await keys())[0]).not.toBe(old), 5_000);
  expect(await keys()).toContain(old);
  await rotated('retire', 1);
  // So are the rules, and the running control decides by them at once.
  const rules = { ...JSON.parse(readFileSync(RULES, 'utf8')), version: 'chn-exit-2026.2' };
  const set = await spawnCli([
    'control',
    'rules',
    'set',
    save('new.json', JSON.stringify(rules)),
    '--by',
    'admin-1',
    ...where(),
  ]);
  expect([set.code, set.stdout]).toEqual([0, 'rules chn-exit-2026.2 for exit hold\n']);
  const again = unwrap(
    await control.prepare(specimenRequest('exit', { atMs: Date.now() }), new AbortController().signal),
  );
  expect(again).toMatchObject({ body: { ruleVersion: 'chn-exit-2026.2' } });
  const history = await spawnCli(['control', 'rules', 'history', ...where()]);
  expect(
    history.stdout
      .trim()
      .split('\n')
      .map((line) => line.split('  ').slice(1).join(' ')),
  ).toEqual(['chn-exit-2026.1 by file', 'chn-exit-2026.2 by admin-1']);
  expect(JSON.parse((await spawnCli(['control', 'rules', 'show', 'chn-exit-2026.1', ...where()])).stdout).version).toBe(
    'chn-exit-2026.1',
  );
  await control.close();
  const ended = new Promise((resolve) => child?.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('crossings that ended longer ago than they are to be kept are erased when it starts', async () => {
  const atMs = Date.now() - 40 * 86_400_000;
  const dataDir = join(dir, 'data');
  const before = unwrap(
    await openEmbeddedControl({
      side: 'exit',
      dataDir,
      rules: unwrap(parseRuleSet(JSON.parse(readFileSync(RULES, 'utf8')))),
      ...unwrap(loadControlKeys(join(dataDir, 'keys'), 'exit')),
      clock: { nowMs: () => atMs, after: () => () => undefined },
    }),
  );
  const { recordId } = specimenRequest('exit', { atMs }).evidence;
  unwrap(before.handlePrepare(specimenRequest('exit', { atMs, recordId })));
  unwrap(before.handleNotice(specimenNotice('exit', 'void', recordId, atMs), `${recordId} void`));
  expect(unwrap(before.stateOf(recordId))).not.toBeNull();
  await before.close();
  const authority = await createTestAuthority();
  const server = await authority.server();
  child = spawn(
    process.execPath,
    [
      ...[MAIN, ...options('--rules', RULES, '--listen', '127.0.0.1:0', '--any-client', '--keep-days', '30', '--json')],
      ...['--tls-cert', save('cert.pem', server.cert), '--tls-key', save('key.pem', server.key)],
      ...['--client-ca', save('ca.pem', authority.cert), '--lane-keys', save('lanes.json', JSON.stringify([LANE_KEY]))],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  await firstLine(child);
  await vi.waitFor(() => expect(said).toContain('controlDataErased'), 5_000);
  expect(said).toContain('"crossings":1');
});

const where = (): string[] => ['--side', 'exit', '--data', join(dir, 'data')];
const options = (...more: string[]) => ['control', '--side', 'exit', '--data', join(dir, 'data'), ...more];

test('--check reads rules and seed and says so', async () => {
  const run = await spawnCli(options('--rules', RULES, '--seed', SEED, '--check'));
  expect([run.code, run.stdout]).toEqual([0, 'rules chn-exit-2026.1 for exit are valid\n']);
  expect(run.stderr).toContain('loaded 2 holders, watchlist 3');
});

test.each<readonly [string, () => string[], number, string]>([
  ['rules of the other side', () => ['--rules', join(EXAMPLES, 'entry.mac.json')], 2, 'the rules are for entry'],
  [
    'rules with a fault',
    () => ['--rules', save('rules.json', '{"schema":"jointgate-rules/1"}')],
    2,
    'no valid rule set',
  ],
  ['rules that are no JSON', () => ['--rules', save('rules.json', 'yes')], 2, 'no JSON'],
  ['no such file', () => ['--rules', join(dir, 'nothing.json')], 2, 'ENOENT'],
  ['a seed with a fault', () => ['--rules', RULES, '--seed', save('seed.json', '{}')], 2, 'no valid seed'],
  ['no certificate', () => ['--rules', RULES], 2, '--tls-cert'],
  [
    'no client named',
    () => ['--rules', RULES, '--tls-cert', RULES, '--tls-key', RULES, '--client-ca', RULES],
    2,
    '--client',
  ],
  [
    'no lane’s key',
    () => ['--rules', RULES, '--any-client', '--tls-cert', RULES, '--tls-key', RULES, '--client-ca', RULES],
    2,
    '--lane-keys',
  ],
  [
    'no day to be kept',
    () => ['--rules', RULES, '--keep-days', '0', '--tls-cert', RULES, '--tls-key', RULES, '--client-ca', RULES],
    2,
    '--keep-days',
  ],
  ['a client that is no fingerprint', () => ['--rules', RULES, '--client', 'AB:CD'], 2, 'fingerprint'],
  [
    'a certificate that is none',
    () => [
      ...['--rules', RULES, '--any-client', '--tls-cert', RULES, '--tls-key', RULES, '--client-ca', RULES],
      ...['--lane-keys', save('lanes.json', JSON.stringify([LANE_KEY]))],
    ],
    3,
    'cannot serve',
  ],
])('%s ends it with one line', async (_name, args, code, words) => {
  const run = await spawnCli(options(...args()));
  expect([run.code, run.stdout]).toEqual([code, '']);
  expect(run.stderr.trim().split('\n').at(-1)).toContain(words);
});
