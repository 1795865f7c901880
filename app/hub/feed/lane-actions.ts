import type { Pool } from 'pg';
import { type LaneAction, type LaneActions as LaneActionList, laneActionSchema } from '../../contract/hub-protocol.ts';
import { type ConsoleReply, consoleError, consoleReplySchema } from '../../contract/supervisor-console.ts';
import type { SecretBox } from '../../crypto/secret-box.ts';
import type { Timing } from '../../record/remote/timing.ts';
import { type HubNotices, notifyText } from './notices.ts';

/** An action nobody took for so long is nobody's wish any more. */
const STALE_SECONDS = 20;
const REPLY_MS = 8_000;

/**
 * What officers want of lanes: waits in the database until the lane, wherever it polls, takes it and replies. Notes and pictures are
 * in it: it is closed with a key that only hubs have, and nobody else can put anything there for a lane.
 */
export class LaneActions {
  readonly #pool: Pool;
  readonly #notices: HubNotices;
  readonly #timing: Pick<Timing, 'after'>;

  readonly #box: SecretBox;

  constructor(pool: Pool, notices: HubNotices, box: SecretBox, timing: Pick<Timing, 'after'> = unhurried) {
    this.#pool = pool;
    this.#notices = notices;
    this.#box = box;
    this.#timing = timing;
  }

  /** Waits for the lane's own reply; `tooSlow` when there is none in time: it may still have been done. */
  async ask(laneId: string, action: Omit<LaneAction, 'id'>): Promise<ConsoleReply> {
    const { rows } = await this.#pool.query<{ id: string }>(
      `WITH old AS (DELETE FROM hub_actions WHERE asked_at < now() - interval '1 hour'),
        asked AS (INSERT INTO hub_actions (lane_id, action) VALUES ($1, $2) RETURNING id)
        SELECT id, ${notifyText('actions')} $1) FROM asked`,
      [laneId, this.#box.close(JSON.stringify(action), `action ${laneId}`)],
    );
    const id = Number(rows[0]?.id);
    const reply = await this.#await('replies', `${id}`, REPLY_MS, () => this.#replyOf(laneId, id));
    return reply ?? { ok: false, error: consoleError('tooSlow') };
  }

  /** This lane's actions after `after`, as soon as there are any. `after` null: only where the list ends now. */
  async list(laneId: string, after: number | null, waitMs: number): Promise<LaneActionList> {
    if (after === null) {
      const { rows } = await this.#pool.query<{ next: string }>('SELECT coalesce(max(id), 0) AS next FROM hub_actions');
      return { actions: [], next: Number(rows[0]?.next ?? 0) };
    }
    const found = await this.#await('actions', laneId, waitMs, () => this.#after(laneId, after));
    return found ?? { actions: [], next: after };
  }

  async reply(laneId: string, id: number, reply: ConsoleReply): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `WITH done AS (UPDATE hub_actions SET reply = $3 WHERE id = $2 AND lane_id = $1 AND reply IS NULL RETURNING id)
        SELECT ${notifyText('replies')} id) FROM done`,
      [laneId, id, this.#box.close(JSON.stringify(reply), `reply ${laneId} ${id}`)],
    );
    return (rowCount ?? 0) > 0;
  }

  async #replyOf(laneId: string, id: number): Promise<ConsoleReply | null> {
    const { rows } = await this.#pool.query<{ reply: string | null }>('SELECT reply FROM hub_actions WHERE id = $1', [
      id,
    ]);
    const reply = rows[0]?.reply ?? null;
    const text = reply === null ? null : this.#box.open(reply, `reply ${laneId} ${id}`);
    return text === null ? null : consoleReplySchema.parse(JSON.parse(text));
  }

  async #after(laneId: string, after: number): Promise<LaneActionList | null> {
    const { rows } = await this.#pool.query<{ id: string; action: string }>({
      name: 'laneActions',
      text: `SELECT id, action FROM hub_actions WHERE lane_id = $1 AND id > $2 AND reply IS NULL
        AND asked_at > now() - interval '${STALE_SECONDS} seconds' ORDER BY id LIMIT 100`,
      values: [laneId, after],
    });
    if (rows.length === 0) return null;
    // One of a hub of another version, or of nobody with the key, is not passed on, and nobody waits for it.
    const actions = rows.flatMap(({ id, action: box }) => {
      const action = this.#box.open(box, `action ${laneId}`);
      if (action === null) return [];
      const read = laneActionSchema.safeParse({ ...(JSON.parse(action) as object), id: Number(id) });
      return read.success ? [read.data] : [];
    });
    return { actions, next: Number(rows.at(-1)?.id ?? after) };
  }

  /** Looks, and looks again at each notice, until there is something or the time is over. */
  async #await<T>(
    topic: 'actions' | 'replies',
    subject: string,
    waitMs: number,
    look: () => Promise<T | null>,
  ): Promise<T | null> {
    let wake = (): void => undefined;
    const stop = this.#notices.on(topic, (told) => {
      if (told === subject || told === '') wake();
    });
    let over = false;
    const stopWaiting = this.#timing.after(waitMs, () => {
      over = true;
      wake();
    });
    try {
      for (;;) {
        const told = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const found = await look();
        if (found !== null || over) return found;
        await told;
      }
    } finally {
      stop();
      stopWaiting();
    }
  }
}

/** A hub that ends does not wait for those who wait. */
const unhurried: Pick<Timing, 'after'> = {
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
