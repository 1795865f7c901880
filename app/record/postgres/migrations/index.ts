import type { PgMigration } from '../migrate.ts';
import { jointRecord } from './0001-joint-record.ts';
import { referralMaterial } from './0002-referral-material.ts';
import { lives } from './0003-lives.ts';
import { cheaperWrites } from './0004-cheaper-writes.ts';

/** Forward only, oldest first, one file each. A released migration is never edited. */
export const PG_MIGRATIONS: readonly PgMigration[] = [jointRecord, referralMaterial, lives, cheaperWrites];
