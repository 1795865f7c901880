import type { PgMigration } from '../migrate.ts';

/**
 * The port's form: as the lane's SQLite file, with one chain (journal, checkpoints, identity) a lane, so that lanes do
 * not wait for each other. Instants are ISO texts; `COLLATE "C"` makes their order the order of time.
 * `apply_change` writes one change whole in one round trip. Its own SQLSTATEs: JG001 somebody else has written to the
 * chain or the record meanwhile (read again and retry), JG002 a document or profile is claimed (DETAIL: by which record).
 */
export const jointRecord: PgMigration = {
  version: 1,
  name: 'joint record',
  sql: `
CREATE TABLE chains (
  chain text PRIMARY KEY,
  store_id text NOT NULL,
  first_seq bigint NOT NULL DEFAULT 1,
  first_prev_hash text NOT NULL,
  head_seq bigint NOT NULL,
  head_hash text NOT NULL,
  signed_seq bigint NOT NULL DEFAULT 0,
  -- When the oldest entry without a checkpoint was written.
  unsigned_since text COLLATE "C",
  -- The public keys that count now, as canonical JSON.
  keys text NOT NULL DEFAULT ''
);

CREATE TABLE journal (
  chain text NOT NULL REFERENCES chains,
  seq bigint NOT NULL,
  at text COLLATE "C" NOT NULL,
  type text NOT NULL,
  record_id uuid,
  payload text NOT NULL,
  prev_hash text NOT NULL CHECK (length(prev_hash) = 64),
  hash text NOT NULL CHECK (length(hash) = 64),
  PRIMARY KEY (chain, seq)
);
CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'a journal entry is never edited'; END $$;
CREATE TRIGGER journal_is_never_edited BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TABLE checkpoints (
  chain text NOT NULL REFERENCES chains,
  seq bigint NOT NULL,
  checkpoint text NOT NULL,
  PRIMARY KEY (chain, seq)
);

CREATE TABLE records (
  record_id uuid PRIMARY KEY,
  version integer NOT NULL,
  lane_id text NOT NULL,
  origin text NOT NULL,
  destination text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'identified', 'verified', 'prepared', 'committed', 'passed', 'refused',
    'referred', 'resolved', 'abandoned', 'voided')),
  opened_at text COLLATE "C" NOT NULL,
  ended_at text COLLATE "C",
  referred_at text COLLATE "C",
  committed_at text COLLATE "C",
  clearance text NOT NULL CHECK (clearance IN ('none', 'standing', 'voided')),
  evidence_digest text,
  rest text NOT NULL,
  opened_seq bigint NOT NULL,
  CHECK ((ended_at IS NOT NULL) = (state IN ('passed', 'refused', 'resolved', 'abandoned', 'voided'))),
  CHECK (state NOT IN ('committed', 'passed') OR clearance = 'standing'),
  CHECK (state <> 'voided' OR clearance = 'voided')
);
CREATE INDEX live_records ON records (lane_id, opened_seq) WHERE ended_at IS NULL;
CREATE INDEX records_by_opening ON records (lane_id, opened_at);
CREATE INDEX records_by_end ON records (lane_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX records_by_referral ON records (lane_id, referred_at) WHERE referred_at IS NOT NULL;

-- G3, across all lanes of the port.
CREATE TABLE claims (
  kind text NOT NULL CHECK (kind IN ('document', 'profile')),
  digest text NOT NULL,
  record_id uuid NOT NULL REFERENCES records,
  PRIMARY KEY (kind, digest)
);

CREATE TABLE answers (
  record_id uuid NOT NULL REFERENCES records,
  side text NOT NULL CHECK (side IN ('exit', 'entry')),
  answer text NOT NULL,
  PRIMARY KEY (record_id, side)
);

-- G2 as a constraint: a row of one side needs the row of the other side in the same status when the transaction ends.
CREATE TABLE clearances (
  record_id uuid NOT NULL REFERENCES records,
  side text NOT NULL CHECK (side IN ('exit', 'entry')),
  other_side text NOT NULL CHECK (other_side IN ('exit', 'entry') AND other_side <> side),
  status text NOT NULL CHECK (status IN ('standing', 'voided')),
  committed_at text COLLATE "C" NOT NULL,
  PRIMARY KEY (record_id, side),
  UNIQUE (record_id, side, status),
  FOREIGN KEY (record_id, other_side, status) REFERENCES clearances (record_id, side, status)
    DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE receipts (record_id uuid PRIMARY KEY REFERENCES records, receipt text NOT NULL);

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  record_id uuid NOT NULL REFERENCES records,
  side text NOT NULL CHECK (side IN ('exit', 'entry')),
  step text NOT NULL CHECK (step IN ('commit', 'void', 'receipt')),
  notice text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  delivered_at text COLLATE "C",
  UNIQUE (record_id, side, step)
);
CREATE INDEX undelivered ON outbox (side, id) WHERE delivered_at IS NULL;

CREATE FUNCTION apply_change(change jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  head jsonb := change -> 'head';
  rec jsonb := change -> 'record';
  claim jsonb;
  holder uuid;
BEGIN
  UPDATE chains SET head_seq = (head ->> 'seq')::bigint, head_hash = head ->> 'hash', keys = head ->> 'keys',
      signed_seq = (head ->> 'signedSeq')::bigint, unsigned_since = head ->> 'unsignedSince'
    WHERE chain = head ->> 'chain' AND head_seq = (head ->> 'expectedSeq')::bigint;
  IF NOT FOUND THEN RAISE EXCEPTION 'the chain has moved on' USING ERRCODE = 'JG001'; END IF;
  INSERT INTO journal SELECT head ->> 'chain', e.* FROM jsonb_to_recordset(change -> 'entries')
    AS e(seq bigint, at text, type text, record_id uuid, payload text, prev_hash text, hash text);
  INSERT INTO checkpoints SELECT head ->> 'chain', c.* FROM jsonb_to_recordset(change -> 'checkpoints')
    AS c(seq bigint, checkpoint text);
  IF change ? 'delivered' THEN
    UPDATE outbox SET delivered_at = change ->> 'at' WHERE id = (change ->> 'delivered')::bigint AND delivered_at IS NULL;
    IF NOT FOUND THEN RAISE EXCEPTION 'already delivered' USING ERRCODE = 'JG001'; END IF;
  END IF;
  IF rec IS NULL THEN RETURN; END IF;

  IF (rec ->> 'version')::integer = 1 THEN
    INSERT INTO records SELECT r.* FROM jsonb_populate_record(NULL::records, rec) r ON CONFLICT DO NOTHING;
  ELSE
    UPDATE records SET version = (rec ->> 'version')::integer, state = rec ->> 'state', ended_at = rec ->> 'ended_at',
        referred_at = rec ->> 'referred_at', committed_at = rec ->> 'committed_at', clearance = rec ->> 'clearance',
        evidence_digest = rec ->> 'evidence_digest', rest = rec ->> 'rest'
      WHERE record_id = (rec ->> 'record_id')::uuid AND version = (rec ->> 'version')::integer - 1;
  END IF;
  IF NOT FOUND THEN RAISE EXCEPTION 'the record has moved on' USING ERRCODE = 'JG001'; END IF;

  -- Waits for another transaction that is claiming the same digest, and then sees its outcome.
  FOR claim IN SELECT * FROM jsonb_array_elements(change -> 'claims') LOOP
    INSERT INTO claims VALUES (claim ->> 'kind', claim ->> 'digest', (rec ->> 'record_id')::uuid) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT record_id INTO holder FROM claims WHERE kind = claim ->> 'kind' AND digest = claim ->> 'digest';
      -- Given back between the two statements: nobody holds it any more.
      IF holder IS NULL THEN RAISE EXCEPTION 'the claim was given back' USING ERRCODE = 'JG001'; END IF;
      RAISE EXCEPTION 'claimed by a live record' USING ERRCODE = 'JG002', DETAIL = holder::text;
    END IF;
  END LOOP;
  DELETE FROM claims USING jsonb_to_recordset(change -> 'released') AS c(kind text, digest text)
    WHERE claims.kind = c.kind AND claims.digest = c.digest AND claims.record_id = (rec ->> 'record_id')::uuid;

  INSERT INTO answers SELECT (rec ->> 'record_id')::uuid, a.side, a.answer
    FROM jsonb_to_recordset(change -> 'answers') AS a(side text, answer text);
  IF change ->> 'clearance' = 'write' THEN
    INSERT INTO clearances VALUES
      ((rec ->> 'record_id')::uuid, 'exit', 'entry', 'standing', change ->> 'at'),
      ((rec ->> 'record_id')::uuid, 'entry', 'exit', 'standing', change ->> 'at');
  ELSIF change ->> 'clearance' = 'void' THEN
    UPDATE clearances SET status = 'voided' WHERE record_id = (rec ->> 'record_id')::uuid;
  END IF;
  INSERT INTO receipts SELECT (rec ->> 'record_id')::uuid, change ->> 'receipt' WHERE change ->> 'receipt' IS NOT NULL;
  INSERT INTO outbox (record_id, side, step, notice) SELECT (rec ->> 'record_id')::uuid, n.side, n.step, n.notice
    FROM jsonb_to_recordset(change -> 'notices') AS n(side text, step text, notice text);
END $$;
`,
};
