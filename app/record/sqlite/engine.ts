import type Database from 'better-sqlite3';
import { auditEntrySchema } from '../../contract/audit-events.ts';
import { instantSchema, sealedSchema } from '../../contract/control-protocol.ts';
import { laneIdSchema } from '../../contract/crossing.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { loadSigningKey, type SigningKey } from '../../crypto/signing.ts';
import type { CheckpointPolicy } from '../checkpoint.ts';
import type { ControlKeys } from '../clearance-check.ts';
import { type Change, decideCommit, decideEvent, lifeFlaw } from '../decide.ts';
import { openedDoc } from '../fold.ts';
import { lateReport } from '../late-report.ts';
import { type RecordDoc, snapshotOf } from '../record-doc.ts';
import { openRecordSchema, recordEndingSchema, recordFactSchema } from '../record-events.ts';
import type { LaneLife, RecordSnapshot, StoreError } from '../store.ts';
import { copiesTable } from './copies.ts';
import { type JournalTable, journalTable, type Signer } from './journal-table.ts';
import { learnKeys } from './known-keys.ts';
import { lives } from './lives.ts';
import { materialTable } from './material.ts';
import type { Ops } from './messages.ts';
import { outboxMarks } from './outbox-marks.ts';
import { type Reads, reads } from './reads.ts';
import { emptyLog, eraseBefore, scrub } from './retention.ts';
import { type Writes, type Written, writes } from './writes.ts';

export interface EngineOptions {
  readonly path: string;
  readonly key: SigningKey;
  readonly controlKeys: ControlKeys;
  readonly checkpoint: CheckpointPolicy;
  readonly clockToleranceMs: number;
}

/** The operations, each with the store's clock as an argument of its own. */
export type Engine = {
  readonly [K in keyof Ops]: (nowMs: number, ...args: Parameters<Ops[K]>) => Result<ReturnType<Ops[K]>, StoreError>;
} & { readonly unsigned: () => number };

/** Thrown to roll a transaction back when a rule has said no after something was written. */
class Rollback extends Error {
  readonly error: StoreError;
  constructor(error: StoreError) {
    super(error.code);
    this.error = error;
  }
}

/**
 * The store over one open database, synchronous: it lives in the worker thread. A write is one IMMEDIATE transaction
 * and is durable when it returns. Throws what SQLite throws, after a rollback.
 */
export function engine(db: Database.Database, options: EngineOptions): Engine {
  const signer: Signer = { key: options.key };
  let keys = options.controlKeys;
  const journal: JournalTable = journalTable(db, signer, options.checkpoint);
  const material = materialTable(db, journal);
  const read: Reads = reads(db);
  const writer: Writes = writes(db, journal, signer, material);
  const copied = copiesTable(db);
  const marks = outboxMarks(db, journal);
  const life = lives(db, journal);
  const lateReports = db.prepare('INSERT OR IGNORE INTO late_reports (record_id) VALUES (?)');

  const transact = <T>(nowMs: number, work: (at: string) => Result<T, StoreError>): Result<T, StoreError> => {
    const at = new Date(nowMs).toISOString();
    try {
      return db
        .transaction(() => {
          const result = work(at);
          if (!result.ok) throw new Rollback(result.error);
          journal.checkpointIfDue(at);
          return result;
        })
        .immediate();
    } catch (cause) {
      if (cause instanceof Rollback) return err(cause.error);
      throw cause;
    }
  };

  const write = (
    nowMs: number,
    work: (at: string) => Result<Written, StoreError>,
  ): Result<RecordSnapshot, StoreError> => {
    const written = transact(nowMs, work);
    if (!written.ok) return written;
    if (written.value.erased) emptyLog(db);
    return ok(snapshotOf(written.value.doc));
  };

  /** Loads, decides by the rules all backends share, writes. */
  const change = (
    nowMs: number,
    recordId: string,
    by: LaneLife | undefined,
    decide: (doc: RecordDoc, at: string) => Result<Change | null, StoreError>,
  ): Result<RecordSnapshot, StoreError> => {
    const written = write(nowMs, (at) => {
      const doc = read.doc(recordId);
      if (doc === null) return err({ code: 'unknownRecord', recordId });
      const flaw = lifeFlaw(by, doc, life.present(doc.laneId));
      if (flaw !== null) return err(flaw);
      const decided = decide(doc, at);
      if (!decided.ok) return decided;
      return decided.value === null ? ok({ doc, erased: false }) : writer.apply(decided.value, at);
    });
    if (!written.ok) raise(nowMs, written.error);
    return written;
  };

  /** A transaction of its own: the one that was refused has been rolled back. */
  const raise = (nowMs: number, error: StoreError): void => {
    const late = lateReport(error);
    if (late === null) return;
    transact(nowMs, (at) => {
      if (lateReports.run(late.recordId).changes > 0) journal.append(late, at);
      return ok(undefined);
    });
  };

  return {
    unsigned: journal.unsigned,
    beginLife: (nowMs, laneId) => transact(nowMs, (at) => ok(life.begin(laneIdSchema.parse(laneId), at))),
    open: (nowMs, input, by) => {
      const opening = openRecordSchema.parse(input);
      return write(nowMs, (at) => {
        const flaw = lifeFlaw(by, opening, life.present(opening.laneId));
        if (flaw !== null) return err(flaw);
        const known = read.doc(opening.recordId);
        if (known !== null) return err({ code: 'wrongState', recordId: known.recordId, state: known.state });
        return writer.apply({ event: { type: 'opened', opening }, before: null, after: openedDoc(opening, at) }, at);
      });
    },
    append: (nowMs, recordId, input, by) => {
      const fact = recordFactSchema.parse(input);
      return change(nowMs, recordId, by, (doc, at) => decideEvent(doc, fact, at));
    },
    commit: (nowMs, recordId, by) =>
      change(nowMs, recordId, by, (doc, at) =>
        decideCommit(doc, { keys, nowMs, clockToleranceMs: options.clockToleranceMs }, at),
      ),
    end: (nowMs, recordId, input, by) => {
      const ending = recordEndingSchema.parse(input);
      return change(nowMs, recordId, by, (doc, at) => decideEvent(doc, ending, at));
    },
    audit: (nowMs, input) => {
      const { recordId, ...payload } = auditEntrySchema.parse(input);
      return transact(nowMs, (at) => ok(journal.append({ type: 'audit', recordId, payload }, at).seq));
    },
    noticeDelivered: (nowMs, id) => transact(nowMs, (at) => marks.delivered(id, at)),
    noticeFailed: (nowMs, id) => transact(nowMs, () => marks.failed(id)),
    noticeRefused: (nowMs, id, code) => transact(nowMs, (at) => marks.refused(id, code, at)),
    retryRefusedNotices: (nowMs, side) => transact(nowMs, () => ok(marks.retry(side))),
    checkpoint: (nowMs) =>
      transact(nowMs, (at) => {
        journal.checkpoint(at);
        return ok(undefined);
      }),
    learnControlKeys: (nowMs, next) =>
      transact(nowMs, (at) => {
        learnKeys(db, journal, { lane: [], ...next }, at);
        keys = next;
        return ok(undefined);
      }),
    rotateLaneKey: (nowMs, pem) => {
      const next = loadSigningKey(pem);
      return transact(nowMs, (at) => {
        journal.checkpoint(at);
        signer.key = next;
        const lane = [{ keyId: next.keyId, raw: next.publicKeyRaw }];
        learnKeys(db, journal, { lane, exit: [], entry: [] }, at);
        journal.checkpoint(at);
        return ok(undefined);
      });
    },
    keepMaterial: (nowMs, recordId, input) => {
      const sealed = sealedSchema.parse(input);
      return transact(nowMs, (at) => {
        const doc = read.doc(recordId);
        return doc === null ? err({ code: 'unknownRecord', recordId }) : material.keep(doc, sealed, at);
      });
    },
    keepCopy: (nowMs, copy) =>
      transact(nowMs, (at) => {
        copied.keep(copy, at);
        return ok(undefined);
      }),
    eraseBefore: (nowMs, beforeIso) => {
      const before = instantSchema.parse(beforeIso);
      const erased = transact(nowMs, (at) => ok(eraseBefore(db, journal, before, at)));
      if (erased.ok) scrub(db, options.path, before);
      return erased;
    },
    material: (_nowMs, recordId) => ok(material.read(recordId)),
    read: (_nowMs, recordId) => {
      const doc = read.doc(recordId);
      return doc === null ? err({ code: 'unknownRecord', recordId }) : ok(snapshotOf(doc));
    },
    live: (_nowMs, laneId) => ok(read.live(laneId).map(snapshotOf)),
    outbox: (_nowMs, side, limit) => ok(read.outbox(side, limit)),
    figures: (_nowMs, laneId, sinceIso) => ok(read.figures(laneId, sinceIso)),
  };
}
