import type { PgMigration } from '../migrate.ts';

/** What the owning side's officer needs for a referral, sealed to that side; gone with the record's end. */
export const referralMaterial: PgMigration = {
  version: 2,
  name: 'referral material',
  sql: `
CREATE TABLE referral_material (record_id uuid PRIMARY KEY REFERENCES records, sealed text NOT NULL);

-- In the transaction that ends the record, whichever way it is ended.
CREATE FUNCTION erase_material() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN DELETE FROM referral_material WHERE record_id = NEW.record_id; RETURN NULL; END $$;
CREATE TRIGGER material_goes_with_the_end AFTER UPDATE ON records FOR EACH ROW
  WHEN (NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL) EXECUTE FUNCTION erase_material();
`,
};
