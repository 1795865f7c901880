import type { Pool } from 'pg';
import { type SupervisorView, supervisorViewSchema, type Viewer } from '../../contract/supervisor-view.ts';
import { type HubNotices, notifyText } from './notices.ts';

/** One lane as one viewer may see it. `view` is null until the lane has sent one. */
export interface FeedEvent {
  readonly laneId: string;
  readonly connected: boolean;
  readonly view: SupervisorView | null;
}

/** A lane that has not been heard for this long is called away; its long poll comes at least every 25 s. */
const AWAY_SECONDS = 40;

interface Row {
  readonly lane_id: string;
  readonly connected: boolean;
  readonly view: string | null;
}

const SELECT = `SELECT p.lane_id, p.seen_at > now() - interval '${AWAY_SECONDS} seconds' AS connected, v.view
  FROM hub_presence p LEFT JOIN hub_views v ON v.lane_id = p.lane_id AND v.viewer = $1`;

/** The newest view of each lane for each viewer, in the database, so that any hub shows any lane. */
export class LaneViews {
  readonly #pool: Pool;
  readonly #notices: HubNotices;

  constructor(pool: Pool, notices: HubNotices) {
    this.#pool = pool;
    this.#notices = notices;
  }

  async put(laneId: string, views: readonly SupervisorView[]): Promise<void> {
    const rows = views.map((view) => ({ viewer: view.viewer, view: JSON.stringify(view) }));
    await this.#pool.query({
      name: 'putViews',
      text: `WITH seen AS (
          INSERT INTO hub_presence VALUES ($1, now()) ON CONFLICT (lane_id) DO UPDATE SET seen_at = now()
        ), kept AS (
          INSERT INTO hub_views SELECT $1, v.viewer, v.view FROM jsonb_to_recordset($2::jsonb) AS v(viewer text, view text)
            ON CONFLICT (lane_id, viewer) DO UPDATE SET view = excluded.view
        ) SELECT ${notifyText('views')} $1)`,
      values: [laneId, JSON.stringify(rows)],
    });
  }

  /** The lane is there, though it has nothing new to show. */
  async seen(laneId: string): Promise<void> {
    const text = 'INSERT INTO hub_presence VALUES ($1, now()) ON CONFLICT (lane_id) DO UPDATE SET seen_at = now()';
    await this.#pool.query({ name: 'laneSeen', text, values: [laneId] });
  }

  async isConnected(laneId: string): Promise<boolean> {
    const text = `SELECT 1 FROM hub_presence WHERE lane_id = $1 AND seen_at > now() - interval '${AWAY_SECONDS} seconds'`;
    return ((await this.#pool.query(text, [laneId])).rowCount ?? 0) > 0;
  }

  async all(viewer: Viewer): Promise<readonly FeedEvent[]> {
    const { rows } = await this.#pool.query<Row>({
      name: 'allViews',
      text: `${SELECT} ORDER BY p.lane_id LIMIT 1000`,
      values: [viewer],
    });
    return rows.map(eventOf);
  }

  async one(laneId: string, viewer: Viewer): Promise<FeedEvent | null> {
    const { rows } = await this.#pool.query<Row>({
      name: 'oneView',
      text: `${SELECT} WHERE p.lane_id = $2`,
      values: [viewer, laneId],
    });
    return rows[0] === undefined ? null : eventOf(rows[0]);
  }

  /** Tells the name of a lane that has shown something new, or an empty one: look at all. Gives the way to stop. */
  onChange(listener: (laneId: string) => void): () => void {
    return this.#notices.on('views', listener);
  }
}

function eventOf({ lane_id: laneId, connected, view }: Row): FeedEvent {
  return { laneId, connected, view: view === null ? null : supervisorViewSchema.parse(JSON.parse(view)) };
}
