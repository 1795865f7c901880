import type Database from 'better-sqlite3';
import { canonicalText } from '../../crypto/canonical-json.ts';
import type { SigningKey } from '../../crypto/signing.ts';
import { type CheckpointPolicy, signCheckpoint } from '../checkpoint.ts';
import { chain, type JournalDraft, type JournalEntry, type JournalHead } from '../journal.ts';

/** Who signs for the lane now. One object for all that sign, so that a rotation reaches them together. */
export interface Signer {
  key: SigningKey;
}

interface StoreRow {
  readonly store_id: string;
  readonly first_seq: number;
  readonly first_prev_hash: string;
}

/** The chain and its checkpoints in SQLite. Every method runs inside the caller's transaction. */
export interface JournalTable {
  readonly storeId: string;
  /** Appends, and signs when as many entries as the policy allows are unsigned. */
  append(draft: JournalDraft, at: string): JournalEntry;
  head(): JournalHead;
  /** Signs the head now unless it is signed already. */
  checkpoint(at: string): void;
  /** Signs the head when the oldest unsigned entry is old enough; called at the end of every transaction. */
  checkpointIfDue(at: string): void;
  /** Entries that no checkpoint covers yet. */
  unsigned(): number;
}

export function journalTable(db: Database.Database, signer: Signer, policy: CheckpointPolicy): JournalTable {
  const selectStore = db.prepare<[], StoreRow>('SELECT store_id, first_seq, first_prev_hash FROM store');
  const selectHead = db.prepare<[], JournalHead>('SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1');
  const insert = db.prepare(
    'INSERT INTO journal (seq, at, type, record_id, payload, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const lastSigned = db.prepare<[], number>('SELECT max(seq) FROM checkpoints').pluck();
  const entryAt = db.prepare<[number], string>('SELECT at FROM journal WHERE seq = ?').pluck();
  const insertCheckpoint = db.prepare('INSERT INTO checkpoints (seq, at, checkpoint) VALUES (?, ?, ?)');
  const store = (): StoreRow => required(selectStore.get());
  const head = (): JournalHead => {
    // After retention the chain may be empty but for its beginning; the next entry still goes on from there.
    const { first_seq, first_prev_hash } = store();
    return selectHead.get() ?? { seq: first_seq - 1, hash: first_prev_hash };
  };
  const signed = (): number => lastSigned.get() ?? 0;

  const checkpoint = (at: string): void => {
    const { seq, hash } = head();
    if (seq <= signed() || seq === 0) return;
    const { store_id, first_seq, first_prev_hash } = store();
    const body = {
      version: 1 as const,
      storeId: store_id,
      firstSeq: first_seq,
      firstPrevHash: first_prev_hash,
      seq,
      hash,
      at,
    };
    insertCheckpoint.run(seq, at, canonicalText(signCheckpoint(body, signer.key)));
  };

  return {
    storeId: store().store_id,
    head,
    checkpoint,
    unsigned: () => head().seq - signed(),
    append: (draft, at) => {
      const { entry, payloadText } = chain(draft, head(), at);
      insert.run(entry.seq, at, entry.type, entry.recordId, payloadText, entry.prevHash, entry.hash);
      if (entry.seq - signed() >= policy.everyEntries) checkpoint(at);
      return entry;
    },
    checkpointIfDue: (at) => {
      const last = signed();
      if (head().seq <= last) return;
      const oldest = Date.parse(entryAt.get(last + 1) ?? at);
      // A clock that was set back makes the age negative: the number of entries and the client's timer still decide.
      if (Date.parse(at) - oldest >= policy.everyMs) checkpoint(at);
    },
  };
}

function required<T>(row: T | undefined): T {
  if (row === undefined) throw new Error('the store table has no row');
  return row;
}
