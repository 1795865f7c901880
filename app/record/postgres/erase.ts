import type { Pool, PoolClient } from 'pg';
import { STORE_ENTRIES } from '../journal.ts';
import { RECORD_TABLES } from '../record-rows.ts';
import type { ErasureReport } from '../store.ts';
import { applyPlan } from './apply.ts';
import { type ChainPlan, type PlanContext, planChain } from './chain-plan.ts';
import { readChain } from './queries.ts';
import { inTransaction } from './transaction.ts';

/**
 * One chain's retention, in one transaction, as the lane's file does it: ended records whose notices are delivered, then
 * the journal's front as far as no kept record began in it; journaled, audited and signed. The freed space is
 * PostgreSQL's to reuse (see `vacuum`); its own write-ahead log and backups are its administrator's to expire.
 */
export function eraseChainBefore(
  pool: Pool,
  chain: string,
  beforeIso: string,
  context: PlanContext,
): Promise<ErasureReport> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT 1 FROM chains WHERE chain = $1 FOR UPDATE', [chain]);
    const doomed = await client.query<{ record_id: string }>(
      `SELECT record_id FROM records r WHERE lane_id = $1 AND ended_at < $2 AND NOT EXISTS
        (SELECT 1 FROM outbox o WHERE o.record_id = r.record_id AND o.delivered_at IS NULL)`,
      [chain, beforeIso],
    );
    const ids = doomed.rows.map(({ record_id }) => record_id);
    for (const table of RECORD_TABLES) {
      await client.query(`DELETE FROM ${table} WHERE record_id = ANY($1)`, [ids]);
    }
    const keys = await client.query<{ payload: string }>(
      `SELECT payload FROM journal WHERE chain = $1 AND type IN ('keyKnown', 'keyRemembered') ORDER BY seq`,
      [chain],
    );
    const firstSeq = await moveBeginning(client, chain, beforeIso);
    const row = await readChain(client, chain);
    if (row === null) throw new Error('a chain that is locked is not there');
    const plan = planChain(row, context);
    nameKeysAgain(plan, keys.rows, context);
    const report = { records: ids.length, firstSeq };
    plan.append({ type: 'erased', recordId: null, payload: { before: beforeIso, ...report } });
    const audit = { event: 'retentionRun', owner: 'port', facts: { before: beforeIso, ...report } };
    plan.append({ type: 'audit', recordId: null, payload: audit });
    plan.checkpoint();
    await applyPlan(client, plan);
    return report;
  });
}

async function moveBeginning(client: PoolClient, chain: string, beforeIso: string): Promise<number> {
  const { rows } = await client.query<{ first: string }>(
    `SELECT least(
      coalesce((SELECT min(opened_seq) FROM records WHERE lane_id = $1), head_seq + 1),
      coalesce((SELECT min(seq) FROM journal WHERE chain = $1 AND at >= $2), head_seq + 1)) AS first
    FROM chains WHERE chain = $1`,
    [chain, beforeIso],
  );
  const first = Number(rows[0]?.first);
  await client.query(
    `UPDATE chains SET first_seq = $2,
      first_prev_hash = coalesce((SELECT prev_hash FROM journal WHERE chain = $1 AND seq = $2), head_hash)
    WHERE chain = $1`,
    [chain, first],
  );
  await client.query('DELETE FROM journal WHERE chain = $1 AND seq < $2', [chain, first]);
  await client.query('DELETE FROM checkpoints WHERE chain = $1 AND seq < $2', [chain, first]);
  return first;
}

/** Every key that ever counted in this chain; of the lane's only the one that signs now counts from here on. */
function nameKeysAgain(plan: ChainPlan, rows: readonly { readonly payload: string }[], { key }: PlanContext): void {
  const named = new Set<string>();
  for (const { payload } of rows) {
    if (named.has(payload)) continue;
    named.add(payload);
    const known = STORE_ENTRIES.keyKnown.parse(JSON.parse(payload));
    const retired = known.role === 'lane' && known.raw !== key.publicKeyRaw;
    plan.append({ type: retired ? 'keyRemembered' : 'keyKnown', recordId: null, payload: known });
  }
}

/**
 * After an erasure: dead rows are taken out of the pages, so that the space is written over. The one table that has held what
 * is (sealed) about people is written anew: its old file, with the freed bytes in it, is gone.
 */
export async function vacuum(pool: Pool): Promise<void> {
  await pool.query('VACUUM records, answers, clearances, receipts, outbox, claims, late_reports, journal, checkpoints');
  await pool.query('VACUUM FULL referral_material');
}
