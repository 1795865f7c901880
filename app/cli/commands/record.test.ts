import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { createSealingKey, seal } from '../../crypto/sealing.ts';
import { answer, walkThrough, walkToAsked } from '../../record/crossing.fixture.ts';
import { type SqliteBench, sqliteBench } from '../../record/sqlite/sqlite.fixture.ts';
import { spawnCli } from '../spawn-cli.ts';

let bench: SqliteBench;
let keysFile: string;
let exitBox: string;

beforeAll(async () => {
  bench = await sqliteBench();
  const { store, controls, clock, laneKey } = bench;
  await walkThrough(bench);
  const { record, evidenceDigest } = await walkToAsked(bench);
  const sealing = createSealingKey().key;
  const reason = seal(sealing.publicKeyRaw, sealing.keyId, Buffer.from('{"code":"watchlistHit"}'), 'exit');
  exitBox = reason.box;
  const body = { side: 'exit', recordId: record.recordId, evidenceDigest, word: 'refuse', reason } as const;
  unwrap(await store.append(record.recordId, { type: 'answered', answer: answer(controls.exit, clock.now(), body) }));
  unwrap(await store.end(record.recordId, { type: 'refused', owner: 'exit' }));
  await store.close();
  keysFile = join(dirname(bench.path), 'keys.json');
  const lane = [{ keyId: laneKey.keyId, raw: laneKey.publicKeyRaw }];
  writeFileSync(keysFile, JSON.stringify({ lane, ...controls.keys }));
});
afterAll(() => bench.dispose());

const day = ['--from', '2026-03-01', '--to', '2026-03-01'];

describe('jointgate record', () => {
  test('verify answers 0 for a whole record and 1 with a code for a spoilt one', async () => {
    const good = await spawnCli(['record', 'verify', bench.path, '--keys', keysFile, '--json']);
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout)).toMatchObject({ ok: true, findings: [], records: 2, keysFrom: 'keyFile' });
    const spoilt = join(dirname(bench.path), 'spoilt.db');
    const db = new Database(bench.path);
    db.prepare('VACUUM INTO ?').run(spoilt);
    db.close();
    const copy = new Database(spoilt);
    copy.exec(`DROP TRIGGER journal_is_never_edited; UPDATE journal SET at = '2026-03-01T08:00:01.000Z' WHERE seq = 5`);
    copy.close();
    const bad = await spawnCli(['record', 'verify', spoilt, '--keys', keysFile]);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/does NOT verify[\s\S]*entryEdited: .* entry 5/);
  });

  test('verify without keys says what that is worth', async () => {
    const run = await spawnCli(['record', 'verify', bench.path]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('The record verifies.');
    expect(run.stderr).toContain('without --keys');
  });

  test('keys are printed as --keys reads them', async () => {
    const run = await spawnCli(['record', 'keys', bench.path]);
    expect(run.code).toBe(0);
    const copy = join(dirname(bench.path), 'copied-keys.json');
    writeFileSync(copy, run.stdout);
    expect((await spawnCli(['record', 'verify', bench.path, '--keys', copy])).code).toBe(0);
  });

  test('a port that cannot be reached is a fault, in one line', async () => {
    const run = await spawnCli(['record', 'verify', 'postgres://127.0.0.1:1/nowhere']);
    expect([run.code, run.stderr.trim().split('\n').length]).toEqual([3, 1]);
  });

  test('verify with receipts a side has kept', async () => {
    const exported = await spawnCli(['record', 'export', bench.path, '--side', 'entry', ...day]);
    const receipts = exported.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { receipt: unknown }).receipt)
      .filter((receipt) => receipt !== null);
    expect(receipts).toHaveLength(1);
    const file = join(dirname(bench.path), 'receipts.jsonl');
    writeFileSync(file, `${JSON.stringify(receipts[0])}\n`);
    expect((await spawnCli(['record', 'verify', bench.path, '--receipts', file])).code).toBe(0);
    writeFileSync(file, `{"not":"a receipt"}\n`);
    expect((await spawnCli(['record', 'verify', bench.path, '--receipts', file])).code).toBe(2);
  });

  test('export gives a side its own answer whole and of the other’s the word only (G5)', async () => {
    const [exit, entry] = await Promise.all(
      ['exit', 'entry'].map((side) => spawnCli(['record', 'export', bench.path, '--side', side, ...day])),
    );
    expect([exit?.code, entry?.code]).toEqual([0, 0]);
    expect(exit?.stdout).toContain(exitBox);
    expect(entry?.stdout).not.toContain(exitBox);
    const refused = entry?.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))[1];
    expect(refused).toMatchObject({ state: 'refused', ownAnswer: null, otherAnswer: { word: 'refuse' } });
  });

  test('reconcile puts both registers side by side', async () => {
    const run = await spawnCli(['record', 'reconcile', bench.path, ...day, '--json']);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      opened: 2,
      byState: { passed: 1, refused: 1 },
      sides: { exit: { cleared: 1, refused: 1, recorded: 1 }, entry: { cleared: 1, notAnswered: 1, recorded: 1 } },
      differences: [],
    });
    expect((await spawnCli(['record', 'reconcile', bench.path, ...day])).stdout).toContain('Differences: none');
  });

  test.each([
    ['no file', ['record', 'verify', '/nonexistent/lane.db']],
    ['no side', ['record', 'export', 'x.db', ...day]],
    ['a third side', ['record', 'export', 'x.db', '--side', 'port', ...day]],
    ['no time', ['record', 'export', 'x.db', '--side', 'exit', '--from', 'yesterday', '--to', '2026-03-01']],
    ['no subcommand', ['record']],
  ])('%s is wrong usage', async (_what, args) => {
    expect((await spawnCli(args)).code).toBe(2);
  });

  test('what is no record does not verify, and cannot be exported', async () => {
    const file = join(dirname(bench.path), 'junk.db');
    writeFileSync(file, 'junk'.repeat(1000));
    const run = await spawnCli(['record', 'verify', file]);
    expect([run.code, run.stdout]).toEqual([1, expect.stringContaining('fileUnreadable')]);
    expect((await spawnCli(['record', 'export', file, '--side', 'exit', ...day])).code).toBe(3);
  });
});
