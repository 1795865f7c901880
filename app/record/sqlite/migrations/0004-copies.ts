import type { Migration } from '../migrate.ts';

/** What this lane knows of records whose home is the hub; nothing is ever decided by it. */
export const copies: Migration = {
  version: 4,
  name: 'copies of records whose home is the hub',
  sql: `
CREATE TABLE copies (
  record_id TEXT PRIMARY KEY,
  -- When it was last written, by the lane's clock.
  copied_at TEXT NOT NULL,
  -- RecordSnapshot with both controls' signed answers, and the receipt as the hub signed it; JSON.
  snapshot TEXT,
  receipt TEXT
) STRICT, WITHOUT ROWID;
`,
};
