import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { createSealingKey, openSealed, seal } from '../../crypto/sealing.ts';
import { opening, traveller, type Walk, walkThrough, walkToCommitted } from '../crossing.fixture.ts';
import { type Receipt, receiptSchema } from '../receipt.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { type SqliteBench, sqliteBench } from './sqlite.fixture.ts';

const DAY_MS = 86_400_000;
let bench: SqliteBench;
beforeEach(async () => {
  bench = await sqliteBench();
});
afterEach(() => bench.dispose());

/** Every byte of everything in the lane's folder: database, log, shared memory, backups. */
function filesHolding(secret: string): readonly string[] {
  const folder = dirname(bench.path);
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(secret));
}

const verify = (receipts: readonly Receipt[] = []) => verifyRecordFile(bench.path, { keys: null, receipts });

async function deliverAll(): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  for (const side of ['exit', 'entry'] as const) {
    for (const { id, notice } of unwrap(await bench.store.outbox(side, 1000))) {
      if (notice.step === 'receipt') receipts.push(receiptSchema.parse(notice.detail?.receipt));
      unwrap(await bench.store.noticeDelivered(id));
    }
  }
  return receipts;
}

const secretsOf = ({ who, record, evidenceDigest }: Walk) => [
  record.recordId,
  who.exitDocument,
  who.entryDocument,
  who.profile,
  evidenceDigest,
];

describe('retention', () => {
  test('leaves nothing of old records in any byte of any file, and everything of the others', async () => {
    const { store, clock, path } = bench;
    const old = [await walkThrough(bench), await walkThrough(bench)];
    const receipts = await deliverAll();
    const voided = await walkToCommitted(bench);
    unwrap(await store.end(voided.record.recordId, { type: 'voided', code: 'didNotPass' }));
    await deliverAll();
    const backup = `${path}.before-v2`;
    writeFileSync(backup, `an old copy with ${old[0]!.record.recordId}`);
    utimesSync(backup, clock.now(), clock.now());
    clock.advance(30 * DAY_MS);
    const young = await walkThrough(bench);
    const before = new Date(clock.now().getTime() - DAY_MS).toISOString();
    for (const secret of [...old, voided].flatMap(secretsOf)) expect(filesHolding(secret)).not.toEqual([]);

    const report = unwrap(await store.eraseBefore(before));
    expect(report.records).toBe(3);
    expect(report.firstSeq).toBeGreaterThan(30);
    for (const secret of [...old, voided].flatMap(secretsOf)) expect(filesHolding(secret), secret).toEqual([]);
    for (const secret of secretsOf(young)) expect(filesHolding(secret), secret).not.toEqual([]);
    expect(unwrap(await store.read(young.record.recordId)).state).toBe('passed');
    // The record still verifies, goes on, and a receipt from before is not called a loss.
    expect(verify(receipts)).toMatchObject({ findings: [], records: 1 });
    const next = await walkThrough(bench);
    unwrap(await store.eraseBefore(before));
    expect(unwrap(await store.read(next.record.recordId)).state).toBe('passed');
    await store.close();
    expect(verify(receipts)).toMatchObject({ findings: [], records: 2 });
  });

  test('its own audit line says what it did', async () => {
    await walkThrough(bench);
    await deliverAll();
    bench.clock.advance(DAY_MS);
    unwrap(await bench.store.eraseBefore(bench.clock.now().toISOString()));
    const db = new Database(bench.path, { readonly: true });
    const lines = db.prepare<[], string>(`SELECT payload FROM journal WHERE type = 'audit'`).pluck().all();
    db.close();
    expect(lines.map((text) => JSON.parse(text))).toContainEqual(
      expect.objectContaining({ event: 'retentionRun', facts: expect.objectContaining({ records: 1 }) }),
    );
  });
});

describe('referral material', () => {
  const sealing = createSealingKey().key;
  const secret = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<';

  test('is readable by its owner until the officer has resolved it, then gone from every byte (G5, G6)', async () => {
    const { store } = bench;
    const record = opening(traveller());
    const { recordId } = record;
    unwrap(await store.open(record));
    const sealed = seal(sealing.publicKeyRaw, sealing.keyId, Buffer.from(secret), recordId);
    expect(await store.keepMaterial(recordId, sealed)).toMatchObject({ ok: false, error: { code: 'wrongState' } });
    unwrap(await store.end(recordId, { type: 'referred', owner: 'exit', code: 'noFace', checks: [] }));
    unwrap(await store.keepMaterial(recordId, sealed));
    const found = unwrap(await store.material(recordId));
    expect(Buffer.from(unwrap(openSealed(sealing, found!, recordId))).toString()).toBe(secret);
    expect(filesHolding(secret)).toEqual([]);
    expect(filesHolding(sealed.box)).not.toEqual([]);
    expect(verify().findings).toEqual([]);
    unwrap(await store.end(recordId, { type: 'resolved', action: 'sentBack', officer: 'exit-1', reasonCode: 'done' }));
    expect(unwrap(await store.material(recordId))).toBeNull();
    expect(filesHolding(sealed.box)).toEqual([]);
    expect(verify().findings).toEqual([]);
  });

  test('that was altered, or left behind, does not verify', async () => {
    const { store } = bench;
    const record = opening(traveller());
    unwrap(await store.open(record));
    unwrap(await store.end(record.recordId, { type: 'referred', owner: 'exit', code: 'noFace', checks: [] }));
    const sealed = seal(sealing.publicKeyRaw, sealing.keyId, Buffer.from(secret), record.recordId);
    unwrap(await store.keepMaterial(record.recordId, sealed));
    await store.close();
    const db = new Database(bench.path);
    db.exec(`UPDATE referral_material SET sealed = replace(sealed, 'box', 'bix')`);
    expect(verify().findings).toMatchObject([{ code: 'materialLeft' }]);
    db.exec('DELETE FROM referral_material');
    expect(verify().findings).toMatchObject([{ code: 'materialLeft' }]);
    db.close();
  });
});

describe('key rotation', () => {
  const verifyWith = (lane: readonly { keyId: string; raw: string }[]) => {
    const { exit, entry } = bench.controls.keys;
    const keys = { lane: [...lane], exit: [...exit], entry: [...entry] };
    return verifyRecordFile(bench.path, { keys, receipts: [] });
  };

  test('of the lane, without a pause: both keys verify their own part only', async () => {
    const other = await sqliteBench();
    await walkThrough(bench);
    const { laneSigningKey } = other.options;
    unwrap(await bench.store.rotateLaneKey('pem' in laneSigningKey ? laneSigningKey.pem : ''));
    const { record } = await walkThrough(bench);
    const receipts = unwrap(await bench.store.outbox('exit', 10)).filter(({ notice }) => notice.step === 'receipt');
    expect(receipts.map(({ notice }) => receiptSchema.parse(notice.detail?.receipt).keyId)).toEqual([
      bench.laneKey.keyId,
      other.laneKey.keyId,
    ]);
    expect(unwrap(await bench.store.read(record.recordId)).state).toBe('passed');
    const publicOf = ({ keyId, publicKeyRaw: raw }: SqliteBench['laneKey']) => ({ keyId, raw });
    const [first, second] = [publicOf(bench.laneKey), publicOf(other.laneKey)];
    expect(verifyWith([first, second]).findings).toEqual([]);
    const codes = verifyWith([second]).findings.map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['checkpointForged', 'receiptForged', 'keyForeign']));
    await other.dispose();
  });
});
