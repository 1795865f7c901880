import type Database from 'better-sqlite3';
import { sha256Hex } from '../../crypto/digest.ts';
import type { JournalRow } from '../journal.ts';
import type { RecordDoc } from '../record-doc.ts';
import { type AnswerRow, docOf, type RecordRow } from '../record-rows.ts';
import { APPLICATION_ID } from '../sqlite/migrate.ts';
import { MIGRATIONS } from '../sqlite/migrations/index.ts';
import type { CheckpointRow } from './checkpoint-check.ts';
import { openReadOnly } from './open-read-only.ts';
import type { RecordFile, StoreRow } from './record-file.ts';
import type { StoredRecord } from './row-check.ts';

/** Throws with a plain message when it is no joint record of a version this software knows, and what SQLite throws. */
export function openRecordFile(path: string): RecordFile {
  const { db, close } = openReadOnly(path);
  try {
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw new Error('not a joint record');
    const version = Number(db.pragma('user_version', { simple: true }));
    const newest = MIGRATIONS.at(-1)?.version ?? 0;
    if (version !== newest) throw new Error(`the file has version ${version}, this software reads version ${newest}`);
    // One view of the file for as long as it is open, whatever a lane writes meanwhile.
    db.exec('BEGIN');
    return recordFile(db, close);
  } catch (cause) {
    close();
    throw cause;
  }
}

function recordFile(db: Database.Database, close: () => void): RecordFile {
  const store = db.prepare<[], StoreRow>('SELECT store_id, first_seq, first_prev_hash FROM store').get();
  if (store === undefined) throw new Error('the file names no store');
  const hashAt = db.prepare<[number], string>('SELECT hash FROM journal WHERE seq = ?').pluck();
  const record = db.prepare<[string], RecordRow>('SELECT * FROM records WHERE record_id = ?');
  const answers = db.prepare<[string], AnswerRow>('SELECT side, answer FROM answers WHERE record_id = ?');
  const clearances = db.prepare<[string], StoredRecord['clearances'][number]>(
    'SELECT side, status, committed_at FROM clearances WHERE record_id = ?',
  );
  const receipt = db.prepare<[string], string>('SELECT receipt FROM receipts WHERE record_id = ?').pluck();
  const notices = db.prepare<[string], string>(`SELECT side || ' ' || step FROM outbox WHERE record_id = ?`).pluck();
  const material = db.prepare<[string], string>('SELECT sealed FROM referral_material WHERE record_id = ?').pluck();
  const undelivered = db
    .prepare<[string], string>('SELECT side FROM outbox WHERE record_id = ? AND delivered_at IS NULL')
    .pluck();
  const readDoc = (row: RecordRow): RecordDoc => docOf(row, answers.all(row.record_id));

  return {
    store,
    damage: () => {
      const words = db.pragma('integrity_check(10)', { simple: true });
      return words === 'ok' ? null : String(words).split('\n')[0]!;
    },
    journal: () => db.prepare<[], JournalRow>('SELECT * FROM journal ORDER BY seq').iterate(),
    checkpoints: () => db.prepare<[], CheckpointRow>('SELECT seq, checkpoint FROM checkpoints ORDER BY seq').all(),
    hashAt: (seq) => hashAt.get(seq) ?? null,
    strayRecordIds: () =>
      db
        .prepare<[], string>(
          `SELECT record_id FROM records EXCEPT SELECT record_id FROM journal WHERE type = 'opened' LIMIT 1000`,
        )
        .pluck()
        .all(),
    payloads: (type) =>
      db.prepare<[string], string>('SELECT payload FROM journal WHERE type = ? ORDER BY seq').pluck().all(type),
    claims: () =>
      db
        .prepare<[], { name: string; record_id: string }>(`SELECT kind || ' ' || digest AS name, record_id FROM claims`)
        .iterate(),
    stored: (recordId) => {
      const row = record.get(recordId);
      return {
        doc: row === undefined ? null : readable(() => readDoc(row)),
        clearances: clearances.all(recordId),
        receipt: receipt.get(recordId) ?? null,
        notices: notices.all(recordId),
        undelivered: undelivered.all(recordId),
        material: digestOf(material.get(recordId)),
      };
    },
    docsOpened: function* (fromIso, toIso) {
      const rows = db.prepare<[string, string], RecordRow>(
        'SELECT * FROM records WHERE opened_at >= ? AND opened_at < ? ORDER BY opened_seq',
      );
      for (const row of rows.iterate(fromIso, toIso)) yield readDoc(row);
    },
    close,
  };
}

function digestOf(text: string | undefined): string | null {
  return text === undefined ? null : sha256Hex(text);
}

function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    // Not what this software writes: the caller reports the row as unreadable.
    return null;
  }
}
