import type { Side } from '../../contract/crossing.ts';
import type { OutboxMarks } from '../../contract/hub-protocol.ts';
import { ok, type Result } from '../../contract/result.ts';
import { planChain } from '../../record/postgres/chain-plan.ts';
import { refuseNotice } from '../../record/postgres/lives.ts';
import type { OutboxNotice } from '../../record/store.ts';
import type { ChainWork, LaneCall, LaneRefusal } from './chain-work.ts';
import { readLaneOutbox } from './lane-outbox.ts';
import { finished } from './plan-steps.ts';

/** The outbox as one lane's dispatchers see it: the ways to the controls are the lane's, so the lane delivers. */
export class LaneNotices {
  readonly #work: ChainWork;

  constructor(work: ChainWork) {
    this.#work = work;
  }

  outbox(call: LaneCall, side: Side, limit: number): Promise<Result<readonly OutboxNotice[], LaneRefusal>> {
    return this.#work.reading(call, async () => ok(await readLaneOutbox(this.#work.pool, call.laneId, side, limit)));
  }

  /** What this lane's dispatcher has told its controls, or could not. Ids of other lanes' notices are passed over. */
  async marks(call: LaneCall, { delivered, failed, refused }: OutboxMarks): Promise<Result<void, LaneRefusal>> {
    for (const { id, code } of refused) {
      const done = await this.#refuseNotice(call, id, code);
      if (!done.ok) return done;
    }
    const { pool } = this.#work;
    return this.#work.fenced(call, null, async (chain, context) => {
      if (failed.length > 0) {
        await pool.query(
          'UPDATE outbox SET attempts = attempts + 1 WHERE id = ANY($1) AND delivered_at IS NULL AND lane_id = $2',
          [failed, call.laneId],
        );
      }
      if (delivered.length === 0) return ok();
      const { rows } = await pool.query<Record<'id' | 'record_id' | 'side' | 'step', string>>({
        name: 'toMark',
        text: `SELECT id, record_id, side, step FROM outbox
          WHERE id = ANY($1) AND delivered_at IS NULL AND lane_id = $2 ORDER BY id`,
        values: [delivered, call.laneId],
      });
      if (rows.length === 0) return ok();
      const plan = planChain(chain, context);
      for (const { record_id, side, step } of rows) {
        plan.append({ type: 'noticeDelivered', recordId: record_id, payload: { side, step } });
      }
      const planned = finished(chain, plan, { at: context.at, deliveredIds: rows.map(({ id }) => id) });
      await this.#work.write(planned, null);
      return ok();
    });
  }

  #refuseNotice(call: LaneCall, id: number, code: string): Promise<Result<void, LaneRefusal>> {
    const { pool } = this.#work;
    return this.#work.fenced(call, null, async (_chain, context) => {
      const text = 'SELECT 1 FROM outbox WHERE id = $1 AND lane_id = $2';
      if ((await pool.query(text, [id, call.laneId])).rowCount === 0) return ok();
      const done = await refuseNotice(pool, id, code, (_lane, attempt) => attempt(context));
      this.#work.chains.forget(call.laneId);
      return done;
    });
  }
}
