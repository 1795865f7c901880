import { canonicalText } from '../../crypto/canonical-json.ts';
import { type Claim, claimSteps, clearanceStep, noticesOf } from '../consequences.ts';
import type { Change } from '../decide.ts';
import { payloadOf } from '../record-events.ts';
import { rowOf } from '../record-rows.ts';
import { type ChainPlan, type ChainRow, type PlanContext, planChain } from './chain-plan.ts';
import type { Queryable } from './transaction.ts';

/** Sends a plan for one chain, and what goes with it, to the database: whole in one statement, or not at all. */
export async function applyPlan(to: Queryable, plan: ChainPlan, more: Record<string, unknown> = {}): Promise<void> {
  await to.query({
    name: 'apply',
    text: 'SELECT apply_change($1)',
    values: [JSON.stringify({ ...plan.finish(), ...more })],
  });
}

/** Writes an allowed change of a record with everything that follows from it. `version`: of the record after it. */
export async function applyChange(
  to: Queryable,
  chain: ChainRow,
  change: Change,
  version: number,
  context: PlanContext,
): Promise<void> {
  const plan = planChain(chain, context);
  const { event, after } = change;
  const entry = plan.append({ type: event.type, recordId: after.recordId, payload: payloadOf(event) });
  const { made, released } = claimSteps(change);
  const told = noticesOf(change, entry, chain.store_id, context.key);
  await applyPlan(to, plan, {
    at: context.at,
    record: { ...rowOf(after), version, opened_seq: entry.seq },
    claims: [...made].sort(byDigest),
    released,
    answers: event.type === 'answered' ? [{ side: event.answer.body.side, answer: canonicalText(event.answer) }] : [],
    clearance: clearanceStep(change),
    receipt: told.receipt === null ? null : canonicalText(told.receipt),
    notices: told.notices.map((notice) => ({ side: notice.side, step: notice.step, notice: canonicalText(notice) })),
  });
}

/** One order for all: two records that claim the same digests wait for each other, never in a circle. */
function byDigest(a: Claim, b: Claim): number {
  return a.kind === b.kind ? a.digest.localeCompare(b.digest) : a.kind.localeCompare(b.kind);
}
