/**
 * The hub's own tables beside the joint record's. Forward only; a released step is never edited.
 * `apply_changes` writes the changes of many lanes in one round trip and one commit, each whole or not at all: one that is
 * refused (JG001, JG002, or anything else) leaves the others standing and says why.
 */
export const HUB_MIGRATIONS: readonly string[] = [
  `
CREATE TABLE hub_lanes (lane_id text PRIMARY KEY, software text NOT NULL, started_at text NOT NULL);

-- Audit lines by the caller's own key, so that a repeat after a lost answer finds the line.
CREATE TABLE hub_calls (
  lane_id text NOT NULL,
  key uuid NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (lane_id, key)
);

CREATE TABLE hub_documents (
  kind text NOT NULL,
  name text NOT NULL,
  version integer NOT NULL,
  content text NOT NULL,
  sha256 text NOT NULL,
  changed_at text NOT NULL,
  changed_by text NOT NULL,
  PRIMARY KEY (kind, name, version)
);

-- Journals that lanes keep in files of their own, as far as they were collected.
CREATE TABLE hub_journals (
  store_id uuid PRIMARY KEY,
  lane_id text NOT NULL,
  head_seq bigint NOT NULL,
  head_hash text NOT NULL
);
CREATE TABLE hub_journal_entries (
  store_id uuid NOT NULL REFERENCES hub_journals,
  seq bigint NOT NULL,
  at text NOT NULL,
  type text NOT NULL,
  record_id uuid,
  payload text NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (store_id, seq)
);
CREATE INDEX hub_journal_records ON hub_journal_entries (store_id, record_id) WHERE record_id IS NOT NULL;
-- Who held which document or profile in a record that was made without the hub, and when.
CREATE TABLE hub_merged (
  record_id uuid PRIMARY KEY,
  lane_id text NOT NULL,
  state text NOT NULL,
  opened_at text COLLATE "C" NOT NULL,
  ended_at text COLLATE "C"
);
CREATE TABLE hub_merged_claims (
  kind text NOT NULL,
  digest text NOT NULL,
  record_id uuid NOT NULL REFERENCES hub_merged,
  PRIMARY KEY (kind, digest, record_id)
);

-- The newest views only: nothing is lost when the server crashes but what lanes send again.
CREATE UNLOGGED TABLE hub_views (
  lane_id text NOT NULL,
  viewer text NOT NULL,
  view text NOT NULL,
  PRIMARY KEY (lane_id, viewer)
);
CREATE UNLOGGED TABLE hub_presence (lane_id text PRIMARY KEY, seen_at timestamptz NOT NULL);
CREATE TABLE hub_actions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lane_id text NOT NULL,
  -- laneAction without its id, and the lane's reply, as JSON.
  action text NOT NULL,
  reply text,
  asked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX hub_actions_of_lane ON hub_actions (lane_id, id);

CREATE FUNCTION apply_changes(changes jsonb) RETURNS TABLE (code text, detail text) LANGUAGE plpgsql AS $$
DECLARE
  change jsonb;
  touched integer;
BEGIN
  -- Whatever these changes claim or give back is locked first, in one order for all: two batches that meet on the same
  -- documents wait for each other, never in a circle.
  PERFORM pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended((c ->> 'kind') || ' ' || (c ->> 'digest'), 0) AS key
      FROM jsonb_array_elements(changes) e,
        jsonb_array_elements(coalesce(e -> 'claims', '[]') || coalesce(e -> 'released', '[]')) c
      ORDER BY key) locks;
  FOR change IN SELECT * FROM jsonb_array_elements(changes) LOOP
    BEGIN
      PERFORM apply_change(change);
      IF change ? 'callKey' THEN
        INSERT INTO hub_calls VALUES (change -> 'head' ->> 'chain', (change ->> 'callKey')::uuid, (change -> 'head' ->> 'seq')::bigint);
      END IF;
      IF change ? 'deliveredIds' THEN
        UPDATE outbox SET delivered_at = change ->> 'at' WHERE delivered_at IS NULL
          AND id IN (SELECT value::bigint FROM jsonb_array_elements_text(change -> 'deliveredIds'));
        GET DIAGNOSTICS touched = ROW_COUNT;
        IF touched <> jsonb_array_length(change -> 'deliveredIds') THEN
          RAISE EXCEPTION 'already delivered' USING ERRCODE = 'JG001';
        END IF;
      END IF;
      code := NULL; detail := NULL;
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
      code := SQLSTATE;
      IF detail = '' THEN detail := SQLERRM; END IF;
    END;
    RETURN NEXT;
  END LOOP;
END $$;
`,
  `
-- Changes of many chains as rows of tables: a statement a table for all of them, one flush, all or nothing. JG003 when one of
-- them cannot be written; whoever called then lets \`apply_changes\` say which and why. A handful of rows is looked up among
-- millions: by index, whatever the statistics said when a plan was made.
CREATE FUNCTION apply_together(t jsonb) RETURNS void LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  touched integer;
BEGIN
  PERFORM pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(c.kind || ' ' || c.digest, 0) AS key
      FROM jsonb_to_recordset((t -> 'claims') || (t -> 'released')) AS c(kind text, digest text) ORDER BY key) locks;
  UPDATE chains c SET head_seq = h.seq, head_hash = h.hash, keys = h.keys, signed_seq = h."signedSeq",
      unsigned_since = h."unsignedSince"
    FROM jsonb_to_recordset(t -> 'heads') AS h(chain text, "expectedSeq" bigint, seq bigint, hash text, keys text,
      "signedSeq" bigint, "unsignedSince" text)
    WHERE c.chain = h.chain AND c.head_seq = h."expectedSeq";
  GET DIAGNOSTICS touched = ROW_COUNT;
  IF touched <> jsonb_array_length(t -> 'heads') THEN
    RAISE EXCEPTION 'a chain has moved on' USING ERRCODE = 'JG003';
  END IF;
  INSERT INTO journal SELECT e.* FROM jsonb_to_recordset(t -> 'entries')
    AS e(chain text, seq bigint, at text, type text, record_id uuid, payload text, prev_hash text, hash text);
  IF t -> 'checkpoints' <> '[]' THEN
    INSERT INTO checkpoints SELECT c.* FROM jsonb_to_recordset(t -> 'checkpoints') AS c(chain text, seq bigint, checkpoint text);
  END IF;
  IF t -> 'opened' <> '[]' THEN
    INSERT INTO records SELECT r.* FROM jsonb_populate_recordset(NULL::records, t -> 'opened') r ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(t -> 'opened') THEN
    RAISE EXCEPTION 'a record is there already' USING ERRCODE = 'JG003';
  END IF;
  END IF;
  IF t -> 'moved' <> '[]' THEN
    UPDATE records r SET version = m.version, state = m.state, ended_at = m.ended_at, referred_at = m.referred_at,
        committed_at = m.committed_at, clearance = m.clearance, evidence_digest = m.evidence_digest, rest = m.rest
      FROM jsonb_to_recordset(t -> 'moved') AS m(record_id uuid, version integer, state text, ended_at text,
        referred_at text, committed_at text, clearance text, evidence_digest text, rest text)
      WHERE r.record_id = m.record_id AND r.version = m.version - 1;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(t -> 'moved') THEN
    RAISE EXCEPTION 'a record has moved on' USING ERRCODE = 'JG003';
  END IF;
  END IF;
  IF t -> 'claims' <> '[]' THEN
    INSERT INTO claims SELECT c.* FROM jsonb_to_recordset(t -> 'claims') AS c(kind text, digest text, record_id uuid)
      ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(t -> 'claims') THEN
    RAISE EXCEPTION 'claimed by a live record' USING ERRCODE = 'JG003';
  END IF;
  END IF;
  IF t -> 'released' <> '[]' THEN
    DELETE FROM claims USING jsonb_to_recordset(t -> 'released') AS c(kind text, digest text, record_id uuid)
      WHERE claims.kind = c.kind AND claims.digest = c.digest AND claims.record_id = c.record_id;
  END IF;
  IF t -> 'answers' <> '[]' THEN
    INSERT INTO answers SELECT a.* FROM jsonb_to_recordset(t -> 'answers') AS a(record_id uuid, side text, answer text);
  END IF;
  IF t -> 'cleared' <> '[]' THEN
    INSERT INTO clearances SELECT c.record_id, s.side, s.other, 'standing', c.at
      FROM jsonb_to_recordset(t -> 'cleared') AS c(record_id uuid, at text),
        (VALUES ('exit', 'entry'), ('entry', 'exit')) s(side, other);
  END IF;
  IF t -> 'voided' <> '[]' THEN
    UPDATE clearances c SET status = 'voided' FROM jsonb_to_recordset(t -> 'voided') AS v(record_id uuid)
      WHERE c.record_id = v.record_id;
  END IF;
  IF t -> 'receipts' <> '[]' THEN
    INSERT INTO receipts SELECT r.* FROM jsonb_to_recordset(t -> 'receipts') AS r(record_id uuid, receipt text);
  END IF;
  IF t -> 'notices' <> '[]' THEN
    INSERT INTO outbox (record_id, side, step, notice, lane_id) SELECT n.*
      FROM jsonb_to_recordset(t -> 'notices') AS n(record_id uuid, side text, step text, notice text, lane_id text);
  END IF;
  IF t -> 'calls' <> '[]' THEN
    INSERT INTO hub_calls SELECT c.* FROM jsonb_to_recordset(t -> 'calls') AS c(lane_id text, key uuid, seq bigint);
  END IF;
  IF t -> 'delivered' <> '[]' THEN
    UPDATE outbox o SET delivered_at = d.at FROM jsonb_to_recordset(t -> 'delivered') AS d(id bigint, at text)
      WHERE o.id = d.id AND o.delivered_at IS NULL;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched <> jsonb_array_length(t -> 'delivered') THEN
    RAISE EXCEPTION 'already delivered' USING ERRCODE = 'JG003';
  END IF;
  END IF;
END $$;
`,
  `
-- Views with the direction they were made in: whose eyes they are for changes when a lane is reversed. What was kept without it
-- is dropped, so that a hub that chooses by role shows nothing any more; lanes send theirs again.
DROP TABLE hub_views;
-- What officers asked, and the pictures they were given, lay here as they were: from now on both are closed.
TRUNCATE hub_actions;
CREATE UNLOGGED TABLE hub_lane_views (
  lane_id text NOT NULL,
  viewer text NOT NULL,
  leads_from text NOT NULL,
  leads_to text NOT NULL,
  view text NOT NULL,
  PRIMARY KEY (lane_id, viewer)
);
`,
];
