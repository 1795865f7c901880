import type Database from 'better-sqlite3';
import type { Side } from '../../contract/crossing.ts';
import { otherSide, SIDES } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { canonicalText } from '../../crypto/canonical-json.ts';
import { type Claim, claimSteps, clearanceStep, noticesOf } from '../consequences.ts';
import type { Change } from '../decide.ts';
import type { RecordDoc } from '../record-doc.ts';
import { payloadOf } from '../record-events.ts';
import { rowOf } from '../record-rows.ts';
import type { StoreError } from '../store.ts';
import type { JournalTable, Signer } from './journal-table.ts';
import type { MaterialTable } from './material.ts';

export interface Written {
  readonly doc: RecordDoc;
  /** Something that must not stay on disk was erased: the write-ahead log still holds it. */
  readonly erased: boolean;
}

/** Writes one allowed change with everything that follows from it. Runs inside the caller's transaction. */
export interface Writes {
  apply(change: Change, at: string): Result<Written, StoreError>;
}

export function writes(db: Database.Database, journal: JournalTable, signer: Signer, material: MaterialTable): Writes {
  const claimant = db
    .prepare<[string, string], string>('SELECT record_id FROM claims WHERE kind = ? AND digest = ?')
    .pluck();
  const claim = db.prepare('INSERT INTO claims (kind, digest, record_id) VALUES (?, ?, ?)');
  const release = db.prepare('DELETE FROM claims WHERE kind = ? AND digest = ? AND record_id = ?');
  const insert = db.prepare(`INSERT INTO records (record_id, lane_id, origin, destination, state, opened_at, ended_at,
      referred_at, committed_at, clearance, evidence_digest, rest, opened_seq)
    VALUES (@record_id, @lane_id, @origin, @destination, @state, @opened_at, @ended_at, @referred_at, @committed_at,
      @clearance, @evidence_digest, @rest, @opened_seq)`);
  const update = db.prepare(`UPDATE records SET state = @state, ended_at = @ended_at, referred_at = @referred_at,
      committed_at = @committed_at, clearance = @clearance, evidence_digest = @evidence_digest, rest = @rest
    WHERE record_id = @record_id`);
  const answer = db.prepare('INSERT INTO answers (record_id, side, answer) VALUES (?, ?, ?)');
  const clear = db.prepare(`INSERT INTO clearances (record_id, side, other_side, status, committed_at)
    VALUES (?, ?, ?, 'standing', ?)`);
  const voidBoth = db.prepare(`UPDATE clearances SET status = 'voided' WHERE record_id = ?`);
  const receipt = db.prepare('INSERT INTO receipts (record_id, receipt) VALUES (?, ?)');
  const post = db.prepare('INSERT INTO outbox (record_id, side, step, notice) VALUES (?, ?, ?, ?)');

  const collision = (claims: readonly Claim[], recordId: string): string | null => {
    for (const { kind, digest } of claims) {
      const holder = claimant.get(kind, digest);
      if (holder !== undefined && holder !== recordId) return holder;
    }
    return null;
  };

  const saveRecord = (change: Change, seq: number): void => {
    const row = rowOf(change.after);
    if (change.before === null) insert.run({ ...row, opened_seq: seq });
    else update.run(row);
    if (change.event.type === 'answered') {
      const { side } = change.event.answer.body;
      answer.run(row.record_id, side, canonicalText(change.event.answer));
    }
  };

  const saveClearance = (change: Change, at: string): void => {
    const { recordId } = change.after;
    const step = clearanceStep(change);
    const writeSide = (side: Side): unknown => clear.run(recordId, side, otherSide(side), at);
    if (step === 'write') SIDES.forEach(writeSide);
    if (step === 'void' && voidBoth.run(recordId).changes !== SIDES.length)
      throw new Error('not both sides were voided');
  };

  return {
    apply: (change, at) => {
      const { recordId } = change.after;
      const { made, released } = claimSteps(change);
      const liveRecordId = collision(made, recordId);
      if (liveRecordId !== null) return err({ code: 'duplicateDocument', liveRecordId });
      const entry = journal.append({ type: change.event.type, recordId, payload: payloadOf(change.event) }, at);
      saveRecord(change, entry.seq);
      for (const { kind, digest } of made) claim.run(kind, digest, recordId);
      for (const { kind, digest } of released) release.run(kind, digest, recordId);
      saveClearance(change, at);
      const told = noticesOf(change, entry, journal.storeId, signer.key);
      if (told.receipt !== null) receipt.run(recordId, canonicalText(told.receipt));
      for (const notice of told.notices) post.run(recordId, notice.side, notice.step, canonicalText(notice));
      return ok({ doc: change.after, erased: material.eraseAfter(change) });
    },
  };
}
