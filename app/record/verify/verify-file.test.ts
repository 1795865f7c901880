import { randomUUID } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import { type CheckpointBody, signCheckpoint } from '../checkpoint.ts';
import { opening, traveller, walkThrough, walkToAsked, walkToCommitted } from '../crossing.fixture.ts';
import { type JournalRow, journalHash } from '../journal.ts';
import { type Receipt, receiptSchema } from '../receipt.ts';
import { type SqliteBench, sqliteBench } from '../sqlite/sqlite.fixture.ts';
import type { FindingCode } from './findings.ts';
import type { KeyRing } from './public-keys.ts';
import { verifyRecordFile } from './verify-file.ts';

let bench: SqliteBench;
let keys: KeyRing;
/** The copy a test may spoil. */
let path: string;

/** A file with every kind of record, closed in order; 2 passed, 1 voided, 1 referred, 1 live. */
beforeAll(async () => {
  bench = await sqliteBench();
  const { store, controls, laneKey } = bench;
  keys = {
    lane: [{ keyId: laneKey.keyId, raw: laneKey.publicKeyRaw }],
    exit: [...controls.keys.exit],
    entry: [...controls.keys.entry],
  };
  await walkThrough(bench);
  const voided = await walkToCommitted(bench);
  unwrap(await store.end(voided.record.recordId, { type: 'voided', code: 'didNotPass' }));
  const referred = await walkToAsked(bench);
  unwrap(await store.end(referred.record.recordId, { type: 'referred', owner: 'exit', code: 'noFace', checks: [] }));
  unwrap(await store.audit({ event: 'laneInService', recordId: null, owner: 'port', facts: {} }));
  await walkThrough(bench);
  unwrap(await store.open(opening(traveller())));
  await store.close();
});
afterAll(() => bench.dispose());
beforeEach(() => {
  path = join(dirname(bench.path), `${randomUUID()}.db`);
  copyFileSync(bench.path, path);
});

const verify = (receipts: readonly Receipt[] = []) => verifyRecordFile(path, { keys, receipts });
const codes = (): readonly FindingCode[] => [...new Set(verify().findings.map(({ code }) => code))];

/** What somebody with the file and time can do: anything, the guarding triggers included. */
function tamper(work: (db: Database.Database) => void): void {
  const db = new Database(path);
  db.exec('DROP TRIGGER IF EXISTS journal_is_never_edited; DROP TRIGGER IF EXISTS journal_is_erased_from_the_front');
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  work(db);
  db.close();
}

const rows = (db: Database.Database): JournalRow[] =>
  db.prepare<[], JournalRow>('SELECT * FROM journal ORDER BY seq').all();
const rehash = (row: JournalRow, prevHash: string): string => {
  const { seq, at, type, record_id: recordId } = row;
  return journalHash({ seq, at, type, recordId, payload: JSON.parse(row.payload), prevHash });
};

/** Hashes everything from an entry on again, as a forger without the lane's key would. */
function rechain(db: Database.Database): void {
  const update = db.prepare('UPDATE journal SET prev_hash = ?, hash = ? WHERE seq = ?');
  let prevHash = '0'.repeat(64);
  for (const row of rows(db)) {
    const hash = rehash(row, prevHash);
    update.run(prevHash, hash, row.seq);
    prevHash = hash;
  }
}

describe('an untouched file', () => {
  test('verifies, with given keys and with its own', () => {
    expect(verify()).toMatchObject({ ok: true, findings: [], records: 5, unsigned: 0, keysFrom: 'keyFile' });
    expect(verifyRecordFile(path, { keys: null, receipts: [] })).toMatchObject({
      ok: true,
      keysFrom: 'recordItself',
    });
  });

  test('verifies while a lane is writing to it', async () => {
    const store = await bench.open({ path });
    await walkThrough({ ...bench, store });
    expect(verify()).toMatchObject({ ok: true, records: 6 });
  });

  test('does not verify with another lane’s or control’s keys', () => {
    const stranger = createSigningKey().key;
    const foreign = [{ keyId: stranger.keyId, raw: stranger.publicKeyRaw }];
    const found = (ring: KeyRing) => verifyRecordFile(path, { keys: ring, receipts: [] }).findings.map((f) => f.code);
    expect(found({ ...keys, lane: foreign })).toEqual(
      expect.arrayContaining(['checkpointForged', 'keyForeign', 'receiptForged']),
    );
    expect(found({ ...keys, exit: foreign })).toEqual(expect.arrayContaining(['commitUnjustified', 'keyForeign']));
  });
});

describe('the journal', () => {
  test.each([
    ['payload', `UPDATE journal SET payload = replace(payload, 'passed', 'failed') WHERE type = 'verified'`],
    ['broken payload', `UPDATE journal SET payload = substr(payload, 2) WHERE type = 'audit'`],
    ['time', `UPDATE journal SET at = '2026-03-01T09:00:00.000Z' WHERE type = 'passed'`],
    ['type', `UPDATE journal SET type = 'abandoned' WHERE type = 'passed'`],
    ['record', `UPDATE journal SET record_id = '${randomUUID()}' WHERE type = 'committed'`],
    ['hash', `UPDATE journal SET hash = '${'a'.repeat(64)}' WHERE seq = 7`],
  ])('an edited entry is found: %s', (_what, sql) => {
    tamper((db) => db.exec(sql));
    expect(codes()).toContain('entryEdited');
  });

  test('an edited entry hashed anew is found at its follower', () => {
    tamper((db) => {
      const row = rows(db)[6]!;
      const edited = { ...row, payload: row.payload.replace('specimen', 'other') };
      expect(edited.payload).not.toBe(row.payload);
      db.prepare('UPDATE journal SET payload = ?, hash = ? WHERE seq = 7').run(
        edited.payload,
        rehash(edited, row.prev_hash),
      );
    });
    expect(verify().findings).toContainEqual(expect.objectContaining({ code: 'entryEdited', seq: 7 }));
  });

  test('a journal that was edited and chained anew from end to end is found by its checkpoints and receipts', () => {
    tamper((db) => {
      db.exec(`UPDATE journal SET payload = '{"event":"laneStarted","facts":{},"owner":"port"}' WHERE type = 'audit'`);
      rechain(db);
    });
    expect(codes()).toEqual(expect.arrayContaining(['journalRewritten', 'receiptMismatch']));
  });

  test('a deleted entry is found, with its number; so is one whose place was closed up', () => {
    tamper((db) => db.exec('DELETE FROM journal WHERE seq = 9'));
    expect(verify().findings).toContainEqual(expect.objectContaining({ code: 'entryDeleted', seq: 9 }));
    tamper((db) => {
      for (const { seq } of rows(db))
        if (seq > 9) db.prepare('UPDATE journal SET seq = ? WHERE seq = ?').run(seq - 1, seq);
    });
    expect(codes()).toContain('entryReordered');
  });

  test('reordered entries are found, whichever columns were swapped', () => {
    for (const columns of [
      ['at', 'type', 'record_id', 'payload'],
      ['at', 'type', 'record_id', 'payload', 'prev_hash', 'hash'],
    ]) {
      const swap = (db: Database.Database) => {
        const set = db.prepare(
          `UPDATE journal SET ${columns.map((name) => `${name} = @${name}`).join(', ')} WHERE seq = @seq`,
        );
        const [a, b] = [rows(db)[7]!, rows(db)[8]!];
        set.run({ ...a, seq: b.seq });
        set.run({ ...b, seq: a.seq });
      };
      tamper(swap);
      const moved = verify().findings.filter(({ code }) => code === 'entryReordered');
      expect(moved.map(({ seq }) => seq)).toEqual([8, 9]);
      tamper(swap);
      expect(verify().ok).toBe(true);
    }
  });

  test('a truncated end is found by the checkpoint, and without it by the rows', () => {
    tamper((db) => db.exec('DELETE FROM journal WHERE seq > (SELECT max(seq) - 4 FROM journal)'));
    expect(codes()).toContain('journalTruncated');
    tamper((db) => db.exec('DELETE FROM checkpoints WHERE seq > (SELECT max(seq) FROM journal)'));
    expect(codes()).toContain('recordMismatch');
  });

  test('a truncated beginning is found', () => {
    tamper((db) => {
      db.exec('DELETE FROM journal WHERE seq < 5');
      db.exec('UPDATE store SET first_seq = 5, first_prev_hash = (SELECT prev_hash FROM journal WHERE seq = 5)');
    });
    expect(codes()).toContain('journalTruncated');
  });

  test('a file set back whole to an older state is found by a receipt a side has kept', () => {
    const receipts = storedReceipts();
    expect(verify(receipts).ok).toBe(true);
    tamper((db) => {
      const last = receipts.at(-1)!.body;
      const from = db
        .prepare<[string], number>(`SELECT min(seq) FROM journal WHERE record_id = ?`)
        .pluck()
        .get(last.recordId)!;
      db.exec(`DELETE FROM journal WHERE seq >= ${from}; DELETE FROM checkpoints`);
      for (const table of ['claims', 'answers', 'clearances', 'receipts', 'outbox', 'records']) {
        db.exec(
          `DELETE FROM ${table} WHERE record_id NOT IN (SELECT record_id FROM journal WHERE record_id IS NOT NULL)`,
        );
      }
    });
    expect(verify().findings).toEqual([]);
    expect(verify(receipts).findings).toMatchObject([{ code: 'journalTruncated', detail: 'kept receipt' }]);
  });
});

describe('signatures', () => {
  test('a forged checkpoint is found: altered, by a stranger, of another store', () => {
    const stranger = createSigningKey().key;
    const body = bodyOfLast();
    const forgeries = [
      { ...signCheckpoint(body, bench.laneKey), body: { ...body, at: '2026-03-01T11:00:00.000Z' } },
      signCheckpoint(body, stranger),
      { ...signCheckpoint(body, stranger), keyId: bench.laneKey.keyId },
      signCheckpoint({ ...body, storeId: randomUUID() }, bench.laneKey),
    ];
    for (const forged of forgeries) {
      tamper((db) =>
        db.prepare('UPDATE checkpoints SET checkpoint = ? WHERE seq = ?').run(canonicalText(forged), body.seq),
      );
      expect(codes()).toContain('checkpointForged');
    }
  });

  test('a forger who rewrites the journal and signs it with a key of their own is found with the key file only', () => {
    const stranger = createSigningKey().key;
    const signed = bodyOfLast();
    tamper((db) => {
      const update = db.prepare(`UPDATE journal SET payload = ? WHERE type = 'keyKnown' AND payload LIKE '%lane%'`);
      update.run(canonicalText({ role: 'lane', keyId: stranger.keyId, raw: stranger.publicKeyRaw }));
      db.exec(`DELETE FROM receipts; DELETE FROM checkpoints`);
      rechain(db);
      const { seq, hash } = rows(db).at(-1)!;
      const forged = signCheckpoint({ ...signed, seq, hash }, stranger);
      db.prepare('INSERT INTO checkpoints VALUES (?, ?, ?)').run(seq, forged.body.at, canonicalText(forged));
    });
    expect(codes()).toEqual(expect.arrayContaining(['checkpointForged', 'keyForeign']));
  });

  test('an altered or missing receipt is found', () => {
    tamper((db) => db.exec(`UPDATE receipts SET receipt = replace(receipt, 'CHN', 'HKG')`));
    expect(codes()).toEqual(['receiptForged']);
    tamper((db) => db.exec('DELETE FROM receipts'));
    expect(codes()).toEqual(['receiptMismatch']);
  });
});

describe('rows', () => {
  test.each([
    ['one side voided alone', `UPDATE clearances SET status = 'voided' WHERE side = 'exit'`, 'sidesDiffer'],
    ['one side missing', `DELETE FROM clearances WHERE side = 'entry'`, 'sidesDiffer'],
    ['both sides missing', 'DELETE FROM clearances', 'recordMismatch'],
    ['another state', `UPDATE records SET state = 'abandoned' WHERE state = 'voided'`, 'recordMismatch'],
    ['a record gone', `DELETE FROM records WHERE state = 'passed'`, 'recordMismatch'],
    ['an answer gone', `DELETE FROM answers WHERE side = 'exit'`, 'recordMismatch'],
    ['an unreadable row', `UPDATE records SET rest = '{'`, 'recordMismatch'],
    ['a claim gone', 'DELETE FROM claims', 'recordMismatch'],
    ['a notice gone', `DELETE FROM outbox WHERE side = 'exit' AND step = 'void'`, 'noticeMissing'],
  ])('%s is found', (_what, sql, code) => {
    tamper((db) => db.exec(sql));
    expect(codes()).toContain(code);
  });

  test('a row without a journal is found', () => {
    tamper((db) =>
      db.exec(`INSERT INTO records SELECT '${randomUUID()}', lane_id, origin, destination, state, opened_at, ended_at,
        referred_at, committed_at, clearance, evidence_digest, rest, opened_seq FROM records WHERE state = 'passed' LIMIT 1`),
    );
    expect(codes()).toContain('recordMismatch');
  });
});

test('what is no joint record is unreadable, in words', () => {
  const other = `${path}.other`;
  new Database(other).exec('CREATE TABLE t (x)').close();
  expect(verifyRecordFile(other, { keys, receipts: [] }).findings).toMatchObject([
    { code: 'fileUnreadable', detail: 'not a joint record' },
  ]);
  expect(verifyRecordFile(`${path}.none`, { keys, receipts: [] }).findings).toMatchObject([{ code: 'fileUnreadable' }]);
});

function storedReceipts(): readonly Receipt[] {
  const db = new Database(path, { readonly: true });
  const texts = db
    .prepare<[], string>(`SELECT receipt FROM receipts ORDER BY json_extract(receipt, '$.body.journal.seq')`)
    .pluck()
    .all();
  db.close();
  return texts.map((text) => receiptSchema.parse(JSON.parse(text)));
}

function bodyOfLast(): CheckpointBody {
  const db = new Database(path, { readonly: true });
  const text = db.prepare<[], string>('SELECT checkpoint FROM checkpoints ORDER BY seq DESC LIMIT 1').pluck().get();
  db.close();
  return (JSON.parse(text ?? '') as { body: CheckpointBody }).body;
}
