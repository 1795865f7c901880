import type { Migration } from '../migrate.ts';

/** Which life of its lane may write, what was told too late, and what a control has refused for good. */
export const lives: Migration = {
  version: 3,
  name: 'lives of lanes, late reports, refused notices',
  sql: `
CREATE TABLE lives (lane_id TEXT PRIMARY KEY, life INTEGER NOT NULL CHECK (life > 0)) STRICT, WITHOUT ROWID;
-- Raised once a record, however often a broken lane says it.
CREATE TABLE late_reports (record_id TEXT PRIMARY KEY REFERENCES records (record_id)) STRICT, WITHOUT ROWID;
ALTER TABLE outbox ADD COLUMN refused_at TEXT;
CREATE INDEX refused ON outbox (record_id, side) WHERE refused_at IS NOT NULL AND delivered_at IS NULL;
`,
};
