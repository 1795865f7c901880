import type { Migration } from '../migrate.ts';

/** The first form of the file. */
export const jointRecord: Migration = {
  version: 1,
  name: 'joint record',
  sql: `
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  store_id TEXT NOT NULL,
  -- Where the journal begins: 1 and zeros, until retention has erased older entries.
  first_seq INTEGER NOT NULL,
  first_prev_hash TEXT NOT NULL
) STRICT;

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  type TEXT NOT NULL,
  record_id TEXT,
  payload TEXT NOT NULL,
  prev_hash TEXT NOT NULL CHECK (length(prev_hash) = 64),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
-- Guards against our own bugs; against a stranger's hand there is the chain.
CREATE TRIGGER journal_is_never_edited BEFORE UPDATE ON journal
  BEGIN SELECT RAISE(ABORT, 'a journal entry is never edited'); END;
CREATE TRIGGER journal_is_erased_from_the_front BEFORE DELETE ON journal
  WHEN old.seq >= (SELECT first_seq FROM store)
  BEGIN SELECT RAISE(ABORT, 'only entries before first_seq may be erased'); END;

CREATE TABLE checkpoints (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  checkpoint TEXT NOT NULL
) STRICT;

CREATE TABLE known_keys (
  role TEXT NOT NULL CHECK (role IN ('lane', 'exit', 'entry')),
  key_id TEXT NOT NULL,
  raw TEXT NOT NULL,
  known_since TEXT NOT NULL,
  PRIMARY KEY (role, key_id, raw)
) STRICT;

CREATE TABLE records (
  record_id TEXT PRIMARY KEY,
  lane_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  destination TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'identified', 'verified', 'prepared', 'committed', 'passed', 'refused',
    'referred', 'resolved', 'abandoned', 'voided')),
  opened_at TEXT NOT NULL,
  ended_at TEXT,
  referred_at TEXT,
  committed_at TEXT,
  clearance TEXT NOT NULL CHECK (clearance IN ('none', 'standing', 'voided')),
  evidence_digest TEXT,
  -- The rest of the record as canonical JSON: digests, checks, numbers and codes.
  rest TEXT NOT NULL,
  opened_seq INTEGER NOT NULL,
  CHECK ((ended_at IS NOT NULL) = (state IN ('passed', 'refused', 'resolved', 'abandoned', 'voided'))),
  -- A side is told to let somebody through only when both have been recorded.
  CHECK (state NOT IN ('committed', 'passed') OR clearance = 'standing'),
  CHECK (state <> 'voided' OR clearance = 'voided')
) STRICT;
CREATE INDEX live_records ON records (lane_id, opened_seq) WHERE ended_at IS NULL;
CREATE INDEX records_by_opening ON records (lane_id, opened_at);
CREATE INDEX records_by_end ON records (lane_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX records_by_referral ON records (lane_id, referred_at) WHERE referred_at IS NOT NULL;

-- G3: a document or profile is claimed by one live record only; claims are given back at the end.
CREATE TABLE claims (
  kind TEXT NOT NULL CHECK (kind IN ('document', 'profile')),
  digest TEXT NOT NULL,
  record_id TEXT NOT NULL REFERENCES records (record_id),
  PRIMARY KEY (kind, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  record_id TEXT NOT NULL REFERENCES records (record_id),
  side TEXT NOT NULL CHECK (side IN ('exit', 'entry')),
  answer TEXT NOT NULL,
  PRIMARY KEY (record_id, side)
) STRICT, WITHOUT ROWID;

-- G2 as a constraint: a row of one side needs the row of the other side in the same status, or the transaction fails.
CREATE TABLE clearances (
  record_id TEXT NOT NULL REFERENCES records (record_id),
  side TEXT NOT NULL CHECK (side IN ('exit', 'entry')),
  other_side TEXT NOT NULL CHECK (other_side IN ('exit', 'entry') AND other_side <> side),
  status TEXT NOT NULL CHECK (status IN ('standing', 'voided')),
  committed_at TEXT NOT NULL,
  PRIMARY KEY (record_id, side),
  UNIQUE (record_id, side, status),
  FOREIGN KEY (record_id, other_side, status) REFERENCES clearances (record_id, side, status)
    DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE receipts (
  record_id TEXT PRIMARY KEY REFERENCES records (record_id),
  receipt TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id TEXT NOT NULL REFERENCES records (record_id),
  side TEXT NOT NULL CHECK (side IN ('exit', 'entry')),
  step TEXT NOT NULL CHECK (step IN ('commit', 'void', 'receipt')),
  notice TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  delivered_at TEXT,
  UNIQUE (record_id, side, step)
) STRICT;
CREATE INDEX undelivered ON outbox (side, id) WHERE delivered_at IS NULL;
`,
};
