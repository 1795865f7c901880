import { z } from 'zod';
import { ownerSchema, recordStateSchema, referralCodeSchema } from '../../contract/crossing.ts';
import type { FoundRecord } from '../../contract/supervisor-console.ts';

export interface FoundRow {
  readonly record_id: string;
  readonly lane_id: string;
  readonly state: string;
  readonly opened_at: string;
  readonly ended_at: string | null;
  readonly rest: string;
}

const restSchema = z.object({
  referral: z.object({ owner: ownerSchema, code: referralCodeSchema }).nullable(),
  endCode: z.string().max(64).nullable(),
});

/** Takes codes only out of the row. */
export function foundRecordOf(row: FoundRow): FoundRecord {
  const { referral, endCode } = restSchema.parse(JSON.parse(row.rest));
  return {
    recordId: row.record_id,
    laneId: row.lane_id,
    state: recordStateSchema.parse(row.state),
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    referral: referral === null ? null : { owner: referral.owner, code: referral.code },
    endCode,
  };
}

/** One more than a page was asked for: whether there is more. */
export function pageOf<T>(rows: readonly T[], size: number): { readonly page: readonly T[]; readonly more: boolean } {
  return { page: rows.slice(0, size), more: rows.length > size };
}
