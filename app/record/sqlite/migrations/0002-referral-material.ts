import type { Migration } from '../migrate.ts';

/** What the owning side's officer needs for a referral, sealed to that side; gone with the record's end. */
export const referralMaterial: Migration = {
  version: 2,
  name: 'referral material',
  sql: `
CREATE TABLE referral_material (
  record_id TEXT PRIMARY KEY REFERENCES records (record_id),
  sealed TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
