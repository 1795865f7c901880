import type { Pool } from 'pg';
import { ok, type Result } from '../../contract/result.ts';
import { lateReport, refusedNotice } from '../late-report.ts';
import type { LaneLife, StoreError } from '../store.ts';
import { applyPlan } from './apply.ts';
import { type ChainRow, type PlanContext, planChain } from './chain-plan.ts';
import { readChain } from './queries.ts';
import { inTransaction } from './transaction.ts';

/** The number of a lane's new life, journaled in its chain. */
export async function beginLife(
  pool: Pool,
  chain: ChainRow,
  context: PlanContext,
): Promise<Result<LaneLife, StoreError>> {
  const begun: LaneLife = { laneId: chain.chain, life: Number(chain.life) + 1 };
  const plan = planChain(chain, context);
  plan.append({ type: 'lifeBegan', recordId: null, payload: begun });
  await inTransaction(pool, async (client) => {
    // First: it fails when somebody else has written to the chain since it was read, begun another life among them.
    await applyPlan(client, plan);
    await client.query('UPDATE chains SET life = $2 WHERE chain = $1', [begun.laneId, begun.life]);
  });
  return ok(begun);
}

/** Journals that a door or a passage was told after the record's end; once a record. */
export async function raiseLate(pool: Pool, error: StoreError, laneId: string, context: PlanContext): Promise<void> {
  const late = lateReport(error);
  if (late === null) return;
  await inTransaction(pool, async (client) => {
    const text = 'INSERT INTO late_reports VALUES ($1) ON CONFLICT DO NOTHING';
    if ((await client.query(text, [late.recordId])).rowCount === 0) return;
    const chain = await readChain(client, laneId);
    if (chain === null) throw new Error('a record without a chain');
    const plan = planChain(chain, context);
    plan.append(late);
    await applyPlan(client, plan);
  });
}

/** Marks a notice as refused for good and journals it, together and once. */
export async function refuseNotice(
  pool: Pool,
  id: number,
  code: string,
  retrying: (
    chain: string,
    attempt: (context: PlanContext) => Promise<Result<void, StoreError>>,
  ) => Promise<Result<void, StoreError>>,
): Promise<Result<void, StoreError>> {
  const find = 'SELECT r.lane_id FROM records r JOIN outbox USING (record_id) WHERE id = $1';
  const { rows } = await pool.query<{ lane_id: string }>(find, [id]);
  const laneId = rows[0]?.lane_id;
  if (laneId === undefined) return ok();
  return retrying(laneId, (context) =>
    inTransaction(pool, async (client) => {
      const marked = await client.query<{ record_id: string; side: string; step: string }>(
        `UPDATE outbox SET refused_at = $2, attempts = attempts + 1
          WHERE id = $1 AND delivered_at IS NULL AND refused_at IS NULL RETURNING record_id, side, step`,
        [id, context.at],
      );
      const chain = await readChain(client, laneId);
      if (marked.rows[0] === undefined || chain === null) return ok();
      const plan = planChain(chain, context);
      plan.append(refusedNotice(marked.rows[0], code));
      await applyPlan(client, plan);
      return ok();
    }),
  );
}
