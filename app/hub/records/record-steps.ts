import { err, ok, type Result } from '../../contract/result.ts';
import { type Change, decideCommit, decideEvent } from '../../record/decide.ts';
import { openedDoc } from '../../record/fold.ts';
import type { JournalDraft } from '../../record/journal.ts';
import { lateReport } from '../../record/late-report.ts';
import type { ChainRow, PlanContext } from '../../record/postgres/chain-plan.ts';
import { raiseLate } from '../../record/postgres/lives.ts';
import { isConflict, pgFailure } from '../../record/postgres/pg-failure.ts';
import { type RecordDoc, snapshotOf } from '../../record/record-doc.ts';
import { doneAlready, openedAlready } from '../../record/remote/repeat.ts';
import type { RecordStep } from '../../record/remote/wire.ts';
import type { OpenRecord, RecordSnapshot, StoreError } from '../../record/store.ts';
import type { ChainWork, LaneCall, LaneRefusal, PortRecordsOptions } from './chain-work.ts';
import { canJoin, planSteps } from './plan-steps.ts';

export interface StepsDone {
  readonly record: RecordSnapshot;
  readonly done: number;
  readonly refusal: StoreError | null;
}

const CLOCK_TOLERANCE_MS = 2_000;

/** Records opened and changed: the rules are `app/record`'s, here is in which write they go and what a repeat finds. */
export class RecordSteps {
  readonly #work: ChainWork;
  readonly #rules: Pick<PortRecordsOptions, 'controlKeys' | 'clockToleranceMs'>;

  constructor(work: ChainWork, rules: Pick<PortRecordsOptions, 'controlKeys' | 'clockToleranceMs'>) {
    this.#work = work;
    this.#rules = rules;
  }

  open(call: LaneCall, opening: OpenRecord): Promise<Result<RecordSnapshot, LaneRefusal>> {
    if (opening.laneId !== call.laneId) return Promise.resolve(err({ code: 'laneMismatch' }));
    const { recordId } = opening;
    return this.#work.fenced(call, recordId, async (chain, context, tries) => {
      // The database refuses a second one of this name: looked for only when it has, or may have been made before.
      const known = call.repeat || tries > 1 ? await this.#work.chains.record(recordId) : null;
      if (known !== null) {
        if (call.repeat && openedAlready(known.doc, opening)) return ok(snapshotOf(known.doc));
        return known.doc.laneId === call.laneId
          ? err({ code: 'wrongState', recordId, state: known.doc.state })
          : err({ code: 'laneMismatch' });
      }
      const after = openedDoc(opening, context.at);
      await this.apply(chain, [{ event: { type: 'opened', opening }, before: null, after }], 1, context);
      return ok(snapshotOf(after));
    });
  }

  /** Steps one after the other until one is refused; those before it are written, and are one write where they can be. */
  async run(call: LaneCall, recordId: string, steps: readonly RecordStep[]): Promise<Result<StepsDone, LaneRefusal>> {
    const result = await this.#run(call, recordId, steps);
    if (result.ok || result.error.code !== 'earlierLife') return result;
    // Whatever the life: another lane's record is nothing this lane may know of.
    const owner = await this.#laneOf(recordId);
    return owner.ok && owner.value !== call.laneId ? err({ code: 'unknownRecord', recordId }) : result;
  }

  /** Writes allowed changes of one record, and journal lines that belong to them, at once. */
  apply(
    chain: ChainRow,
    changes: readonly Change[],
    version: number,
    context: PlanContext,
    lines: readonly JournalDraft[] = [],
  ): Promise<ChainRow> {
    const planned = planSteps(chain, changes, version, context, lines);
    const doc = changes.at(-1)?.after;
    return this.#work.write(planned, doc === undefined ? null : { id: doc.recordId, loaded: { doc, version } });
  }

  async #laneOf(recordId: string): Promise<Result<string | null, StoreError>> {
    try {
      return ok((await this.#work.chains.record(recordId))?.doc.laneId ?? null);
    } catch (cause) {
      return pgFailure(cause);
    }
  }

  #run(call: LaneCall, recordId: string, steps: readonly RecordStep[]): Promise<Result<StepsDone, LaneRefusal>> {
    let done = 0;
    let after: RecordDoc | null = null;
    // Claims may be refused by the database in the middle of a write: then each step is tried by itself.
    let together = true;
    return this.#work.fenced(call, recordId, async (first, context) => {
      let chain = first;
      const refused = (error: StoreError): Result<StepsDone, LaneRefusal> =>
        after === null ? err(error) : ok({ record: snapshotOf(after), done, refusal: error });
      while (done < steps.length) {
        const current = await this.#work.chains.record(recordId);
        if (current === null || current.doc.laneId !== call.laneId) return refused({ code: 'unknownRecord', recordId });
        const planned = this.#decide(call, current.doc, steps.slice(done), together, context);
        try {
          if (planned.changes.length > 0) {
            chain = await this.apply(chain, planned.changes, current.version + 1, context);
          }
        } catch (cause) {
          if (isConflict(cause)) throw cause;
          const failure = pgFailure(cause);
          if (failure.error.code !== 'duplicateDocument') throw cause;
          if (planned.count === 1) return refused(failure.error);
          together = false;
          continue;
        }
        done += planned.count;
        after = planned.after;
        if (planned.refusal !== null) {
          if (lateReport(planned.refusal) !== null) {
            await raiseLate(this.#work.pool, planned.refusal, call.laneId, context);
            this.#work.chains.forget(call.laneId, recordId);
          }
          return refused(planned.refusal);
        }
      }
      return after === null
        ? err({ code: 'unknownRecord', recordId })
        : ok({ record: snapshotOf(after), done, refusal: null });
    });
  }

  /** As many of the steps as may be written together, and why the next one may not be written at all. */
  #decide(call: LaneCall, doc: RecordDoc, steps: readonly RecordStep[], together: boolean, context: PlanContext) {
    const changes: Change[] = [];
    let after = doc;
    let count = 0;
    let refusal: StoreError | null = null;
    for (const step of steps) {
      const decided = this.#decideStep(after, step, context);
      if (!decided.ok) {
        if (decided.error.code === 'wrongState' && call.repeat && changes.length === 0 && doneAlready(after, step)) {
          count += 1;
          continue;
        }
        refusal = decided.error;
        break;
      }
      // Null: it is so already.
      if (decided.value !== null) {
        if (!canJoin(changes, decided.value) || (changes.length > 0 && !together)) break;
        changes.push(decided.value);
        after = decided.value.after;
      }
      count += 1;
    }
    return { changes, after: count === 0 ? null : after, count, refusal };
  }

  #decideStep(doc: RecordDoc, step: RecordStep, { at }: PlanContext): Result<Change | null, StoreError> {
    if (step.step !== 'commit') return decideEvent(doc, step.step === 'append' ? step.fact : step.ending, at);
    const { controlKeys: keys, clockToleranceMs = CLOCK_TOLERANCE_MS } = this.#rules;
    return decideCommit(doc, { keys, nowMs: Date.parse(at), clockToleranceMs }, at);
  }
}
