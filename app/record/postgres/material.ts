import type { Pool } from 'pg';
import { type Sealed, sealedSchema } from '../../contract/control-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import { materialEntry } from '../material-entry.ts';
import type { StoreError } from '../store.ts';
import { applyPlan } from './apply.ts';
import { type PlanContext, planChain } from './chain-plan.ts';
import { readRecordAndChain } from './queries.ts';
import { inTransaction } from './transaction.ts';

/** Keeps sealed material of a referred record and journals its digest, together. The database erases it at the end. */
export function keepMaterial(
  pool: Pool,
  recordId: string,
  sealed: Sealed,
  context: PlanContext,
): Promise<Result<void, StoreError>> {
  return inTransaction(pool, async (client): Promise<Result<void, StoreError>> => {
    const current = await readRecordAndChain(client, recordId);
    if (current === null) return err({ code: 'unknownRecord', recordId });
    const entry = materialEntry(current.doc, sealed);
    if (!entry.ok) return entry;
    const plan = planChain(current.chain, context);
    plan.append(entry.value.draft);
    await applyPlan(client, plan);
    await client.query(
      `INSERT INTO referral_material VALUES ($1, $2) ON CONFLICT (record_id) DO UPDATE SET sealed = excluded.sealed`,
      [recordId, entry.value.text],
    );
    return ok();
  });
}

export async function readMaterial(pool: Pool, recordId: string): Promise<Sealed | null> {
  const { rows } = await pool.query<{ sealed: string }>(
    'SELECT sealed FROM referral_material WHERE record_id::text = $1',
    [recordId],
  );
  return rows[0] === undefined ? null : sealedSchema.parse(JSON.parse(rows[0].sealed));
}
