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
];
