import type Database from 'better-sqlite3';
import { checkpointSchema } from '../checkpoint.ts';
import { type JournalRow, journalHashOfText } from '../journal.ts';

/** Entries looked at when a lane starts. The whole journal is for `jointgate record verify`. */
const TAIL = 200;

function hashOfRow(row: JournalRow): string {
  const { seq, at, type, record_id: recordId, prev_hash: prevHash } = row;
  return journalHashOfText({ seq, at, type, recordId, prevHash }, row.payload);
}

/** What is wrong with the end of the journal, or null: a lane never goes on writing after a broken one. */
export function tailFlaw(db: Database.Database): string | null {
  const rows = db.prepare<[number], JournalRow>('SELECT * FROM journal ORDER BY seq DESC LIMIT ?').all(TAIL).reverse();
  let previous: JournalRow | null = null;
  for (const row of rows) {
    if (hashOfRow(row) !== row.hash) return `entry ${row.seq} was changed`;
    if (previous !== null && (row.seq !== previous.seq + 1 || row.prev_hash !== previous.hash)) {
      return `entry ${row.seq} does not follow entry ${previous.seq}`;
    }
    previous = row;
  }
  const last = db.prepare<[], string>('SELECT checkpoint FROM checkpoints ORDER BY seq DESC LIMIT 1').pluck().get();
  if (last === undefined || previous === null) return null;
  const { seq, hash } = checkpointSchema.parse(JSON.parse(last)).body;
  if (seq > previous.seq) return `the journal ends at ${previous.seq}, before its checkpoint at ${seq}`;
  const signed = rows.find((row) => row.seq === seq);
  return signed !== undefined && signed.hash !== hash ? `entry ${seq} is not the one its checkpoint signed` : null;
}
