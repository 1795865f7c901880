import { z } from 'zod';
import { auditEventIdSchema, auditFactsSchema } from '../../contract/audit-events.ts';
import { authoritySchema } from '../../contract/crossing.ts';
import { officerRoleSchema } from '../../contract/officer-account.ts';
import type { OfficerAccount, PendingLine } from '../account-store.ts';

export const ACCOUNT_COLUMNS = 'number, role, authority, pin_hash, pin_is_first, closed, added_at, pin_set_at';

export interface AccountRow {
  readonly number: string;
  readonly role: string;
  readonly authority: string | null;
  readonly pin_hash: string;
  /** SQLite has 0 and 1, PostgreSQL has booleans. */
  readonly pin_is_first: number | boolean;
  readonly closed: number | boolean;
  readonly added_at: string;
  readonly pin_set_at: string;
}

export interface PendingRow {
  readonly id: number | string;
  readonly event: string;
  readonly facts: string;
}

/** Throws when the row holds a role this software does not know: a newer one wrote it. */
export function accountOf(row: AccountRow): OfficerAccount {
  return {
    number: row.number,
    role: officerRoleSchema.parse(row.role),
    authority: authoritySchema.nullable().parse(row.authority),
    pinHash: row.pin_hash,
    pinIsFirst: Boolean(row.pin_is_first),
    closed: Boolean(row.closed),
    addedAt: row.added_at,
    pinSetAt: row.pin_set_at,
  };
}

export function pendingOf({ id, event, facts }: PendingRow): PendingLine {
  return {
    id: z.coerce.number().int().parse(id),
    event: auditEventIdSchema.parse(event),
    facts: auditFactsSchema.parse(JSON.parse(facts)),
  };
}
