import type { ControlAnswer, NoticeStep } from '../../contract/control-protocol.ts';
import type { ControlWord } from '../../contract/crossing.ts';
import type { QuotaUse, Uses } from '../rules/decide.ts';
import type { ControlDatabase } from './database.ts';
import type { AlarmCode, CrossingState } from './notice-rules.ts';
import type { KnownPresence } from './register.ts';

/** One crossing as this side keeps it: its own answer and what the answer holds on to. No personal data. */
export interface CrossingRow {
  readonly recordId: string;
  readonly state: CrossingState;
  /** Null for a record that was voided before this side was asked. */
  readonly word: ControlWord | null;
  readonly requestDigest: string | null;
  /** As JSON: most of what reads a crossing never looks at it. */
  readonly answer: string | null;
  readonly expiresAtMs: number;
  readonly holder: string | null;
  /** An entry and the day's quotas are taken for it. */
  readonly held: boolean;
  /** The holder's presence was changed by it. */
  readonly moved: boolean;
  readonly uses: Uses;
  readonly day: string | null;
  readonly presenceBefore: KnownPresence | null;
}

interface StoredRow {
  readonly record_id: string;
  readonly state: CrossingState;
  readonly word: ControlWord | null;
  readonly request_digest: string | null;
  readonly answer: string | null;
  readonly expires_at_ms: number;
  readonly holder: string | null;
  readonly held: number;
  readonly moved: number;
  readonly endorsement: string | null;
  readonly stay_days: number | null;
  readonly quotas: string;
  readonly day: string | null;
  readonly presence_before: string | null;
}

export interface StoredNotice {
  readonly idempotencyKey: string;
  readonly digest: string;
}

export interface CrossingLog {
  find(recordId: string): CrossingRow | null;
  insert(row: CrossingRow, atMs: number): void;
  /** What can change of a crossing that is there: its state, and what it holds. */
  update(row: CrossingRow, atMs: number): void;
  /** The earliest expiry of those that `expired` may give; null when there is none. */
  firstExpiryMs(): number | null;
  /** Cleared, not ended, and past its expiry at `beforeMs`. */
  expired(beforeMs: number, limit: number): readonly CrossingRow[];
  /** Cleared, and past its expiry with nothing heard of it: what the record's home is asked about. */
  unresolved(beforeMs: number, limit: number): readonly string[];
  /** Another crossing of the holder that is cleared and not ended. */
  isUnderWay(holder: string, exceptRecordId: string): boolean;
  notice(recordId: string, step: NoticeStep): StoredNotice | null;
  saveNotice(recordId: string, step: NoticeStep, notice: StoredNotice): void;
  /** True when it is the first alarm of its kind for the record. */
  raise(recordId: string, code: AlarmCode, atMs: number): boolean;
  /** Erases ended crossings that were last touched before. Gives how many. */
  erase(beforeMs: number): number;
}

export function createCrossingLog(database: ControlDatabase): CrossingLog {
  const find = database.prepare<[string], StoredRow>('SELECT * FROM crossings WHERE record_id = ?');
  const insert = database.prepare(
    `INSERT INTO crossings (record_id, state, word, request_digest, answer, expires_at_ms, holder, held, moved,
       endorsement, stay_days, quotas, day, presence_before, updated_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    'UPDATE crossings SET state = ?, held = ?, moved = ?, presence_before = ?, updated_at_ms = ? WHERE record_id = ?',
  );
  const firstExpiry = database
    .prepare<[], number | null>(`SELECT min(expires_at_ms) FROM crossings WHERE held = 1 AND state = 'prepared'`)
    .pluck();
  const expired = database.prepare<[number, number], StoredRow>(
    `SELECT * FROM crossings WHERE held = 1 AND state = 'prepared' AND expires_at_ms < ? ORDER BY expires_at_ms LIMIT ?`,
  );
  const underWay = database
    .prepare<[string, string], number>(
      `SELECT 1 FROM crossings WHERE held = 1 AND state = 'prepared' AND holder = ? AND record_id <> ? LIMIT 1`,
    )
    .pluck();
  const notice = database.prepare<[string, string], { idempotency_key: string; digest: string }>(
    'SELECT idempotency_key, digest FROM notices WHERE record_id = ? AND step = ?',
  );
  const saveNotice = database.prepare(
    'INSERT INTO notices (record_id, step, idempotency_key, digest) VALUES (?, ?, ?, ?)',
  );
  const raise = database.prepare('INSERT OR IGNORE INTO alarms (record_id, code, at_ms) VALUES (?, ?, ?)');
  const old = `FROM crossings WHERE updated_at_ms < ? AND NOT (held = 1 AND state IN ('prepared', 'committed'))`;
  const eraseNotices = database.prepare(`DELETE FROM notices WHERE record_id IN (SELECT record_id ${old})`);
  const eraseAlarms = database.prepare(`DELETE FROM alarms WHERE at_ms < ?`);
  const eraseQuotas = database.prepare('DELETE FROM quota_use WHERE day < ?');
  // Where the holder is stays known; by which crossing does not.
  const forgetCrossings = database.prepare(
    'UPDATE presence SET record_id = NULL WHERE record_id IS NOT NULL AND record_id NOT IN (SELECT record_id FROM crossings)',
  );
  const erase = database.prepare(`DELETE ${old}`);

  return {
    find(recordId) {
      const row = find.get(recordId);
      return row === undefined ? null : toRow(row);
    },
    insert: (row, atMs) =>
      void insert.run(
        row.recordId,
        row.state,
        row.word,
        row.requestDigest,
        row.answer,
        row.expiresAtMs,
        row.holder,
        Number(row.held),
        Number(row.moved),
        row.uses.endorsementId,
        row.uses.stayDays,
        JSON.stringify(row.uses.quotas),
        row.day,
        presenceText(row),
        atMs,
      ),
    update: (row, atMs) =>
      void update.run(row.state, Number(row.held), Number(row.moved), presenceText(row), atMs, row.recordId),
    firstExpiryMs: () => firstExpiry.get() ?? null,
    expired: (beforeMs, limit) => expired.all(beforeMs, limit).map(toRow),
    unresolved: (beforeMs, limit) => expired.all(beforeMs, limit).map((row) => row.record_id),
    isUnderWay: (holder, exceptRecordId) => underWay.get(holder, exceptRecordId) !== undefined,
    notice(recordId, step) {
      const row = notice.get(recordId, step);
      return row === undefined ? null : { idempotencyKey: row.idempotency_key, digest: row.digest };
    },
    saveNotice: (recordId, step, { idempotencyKey, digest }) =>
      void saveNotice.run(recordId, step, idempotencyKey, digest),
    raise: (recordId, code, atMs) => raise.run(recordId, code, atMs).changes === 1,
    erase(beforeMs) {
      eraseNotices.run(beforeMs);
      eraseAlarms.run(beforeMs);
      // A day before: the calendar of the rules may be half a day away from UTC.
      eraseQuotas.run(new Date(beforeMs - 86_400_000).toISOString().slice(0, 10));
      const erased = erase.run(beforeMs).changes;
      forgetCrossings.run();
      return erased;
    },
  };
}

function presenceText({ presenceBefore }: CrossingRow): string | null {
  return presenceBefore === null ? null : JSON.stringify(presenceBefore);
}

/** The answer of a crossing. Written by us alone, in a file of our own: read back as what it was. */
export function answerOf({ answer }: CrossingRow): ControlAnswer | null {
  return answer === null ? null : (JSON.parse(answer) as ControlAnswer);
}

function toRow(row: StoredRow): CrossingRow {
  return {
    recordId: row.record_id,
    state: row.state,
    word: row.word,
    requestDigest: row.request_digest,
    answer: row.answer,
    expiresAtMs: row.expires_at_ms,
    holder: row.holder,
    held: row.held === 1,
    moved: row.moved === 1,
    uses: {
      endorsementId: row.endorsement,
      stayDays: row.stay_days,
      quotas: JSON.parse(row.quotas) as readonly QuotaUse[],
    },
    day: row.day,
    presenceBefore: row.presence_before === null ? null : (JSON.parse(row.presence_before) as KnownPresence),
  };
}
