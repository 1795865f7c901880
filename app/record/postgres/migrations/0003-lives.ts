import type { PgMigration } from '../migrate.ts';

/** Which life of its lane may write, what was told too late, and what a control has refused for good. */
export const lives: PgMigration = {
  version: 3,
  name: 'lives of lanes, late reports, refused notices',
  sql: `
-- In the chain's own row: a request that was decided under an earlier life meets a chain that has moved on.
ALTER TABLE chains ADD COLUMN life bigint NOT NULL DEFAULT 0;
CREATE TABLE late_reports (record_id uuid PRIMARY KEY REFERENCES records);
ALTER TABLE outbox ADD COLUMN refused_at text COLLATE "C";
CREATE INDEX refused ON outbox (record_id, side) WHERE refused_at IS NOT NULL AND delivered_at IS NULL;
`,
};
