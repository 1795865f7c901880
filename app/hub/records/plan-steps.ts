import { canonicalText } from '../../crypto/canonical-json.ts';
import { type Claim, claimSteps, clearanceStep, noticesOf } from '../../record/consequences.ts';
import type { Change } from '../../record/decide.ts';
import type { JournalDraft } from '../../record/journal.ts';
import { type ChainPlan, type ChainRow, type PlanContext, planChain } from '../../record/postgres/chain-plan.ts';
import { payloadOf } from '../../record/record-events.ts';
import { rowOf } from '../../record/record-rows.ts';
import type { ChangeJson } from './change-json.ts';

export interface PlannedSteps {
  readonly json: ChangeJson;
  /** The chain after it, if it is written. */
  readonly chain: ChainRow;
}

/**
 * Allowed changes of one record, one after the other, as one write: an entry each, the record as it is after the last, and
 * everything that follows from them. A commit and its voiding cannot stand in one write; see `canJoin`.
 */
export function planSteps(
  chain: ChainRow,
  changes: readonly Change[],
  version: number,
  context: PlanContext,
  lines: readonly JournalDraft[] = [],
): PlannedSteps {
  const plan = planChain(chain, context);
  const claims: Claim[] = [];
  const answers: { side: string; answer: string }[] = [];
  const notices: { side: string; step: string; notice: string }[] = [];
  let released: readonly Claim[] = [];
  let clearance: 'write' | 'void' | null = null;
  let receipt: string | null = null;
  let openedSeq: number | null = null;
  for (const change of changes) {
    const { event, after } = change;
    const entry = plan.append({ type: event.type, recordId: after.recordId, payload: payloadOf(event) });
    const told = noticesOf(change, entry, chain.store_id, context.key);
    const steps = claimSteps(change);
    claims.push(...steps.made);
    released = steps.released;
    if (event.type === 'answered') answers.push({ side: event.answer.body.side, answer: canonicalText(event.answer) });
    clearance = clearanceStep(change) ?? clearance;
    receipt = told.receipt === null ? receipt : canonicalText(told.receipt);
    for (const notice of told.notices) {
      notices.push({ side: notice.side, step: notice.step, notice: canonicalText(notice) });
    }
    openedSeq ??= entry.seq;
  }
  for (const line of lines) plan.append(line);
  const last = changes.at(-1)?.after;
  if (last === undefined) throw new Error('a write of steps has at least one');
  const row = { ...rowOf(last), version, opened_seq: openedSeq };
  const parts = { record: row, claims: claims.sort(byDigest), released, answers, clearance, receipt, notices };
  return finished(chain, plan, { at: context.at, ...parts });
}

/** False when the next change voids a clearance that an earlier one of the same write makes. */
export function canJoin(changes: readonly Change[], next: Change): boolean {
  return clearanceStep(next) !== 'void' || !changes.some((change) => clearanceStep(change) === 'write');
}

/** Whatever stands in a plan, as JSON for the database and as the chain's row afterwards. */
export function finished(
  chain: ChainRow,
  plan: ChainPlan,
  more: Omit<ChangeJson, 'head' | 'entries' | 'checkpoints'>,
): PlannedSteps {
  const written = plan.finish();
  const head = written.head as {
    readonly seq: number;
    readonly hash: string;
    readonly signedSeq: number;
    readonly unsignedSince: string | null;
    readonly keys: string;
    readonly chain: string;
  };
  const { seq, hash, signedSeq, unsignedSince, keys } = head;
  return {
    json: { ...written, head, ...more },
    chain: {
      ...chain,
      head_seq: seq,
      head_hash: hash,
      signed_seq: signedSeq,
      unsigned_since: unsignedSince,
      keys,
    },
  };
}

/** One order for all: two records that claim the same digests wait for each other, never in a circle. */
function byDigest(a: Claim, b: Claim): number {
  return a.kind === b.kind ? a.digest.localeCompare(b.digest) : a.kind.localeCompare(b.kind);
}
