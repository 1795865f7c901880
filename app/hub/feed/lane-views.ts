import type { Pool } from 'pg';
import type { Eyes } from '../../contract/officer-account.ts';
import { type SupervisorView, supervisorViewSchema } from '../../contract/supervisor-view.ts';
import type { SecretBox } from '../../crypto/secret-box.ts';
import { type HubNotices, notifyText } from './notices.ts';

/** One lane as somebody may see it. `view` is null until the lane has sent one. */
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
  readonly viewer: string | null;
  readonly leads_from: string | null;
  readonly leads_to: string | null;
  readonly view: string | null;
}

/**
 * Which of a lane's views somebody gets, the view's own direction says: an authority's officers the one that was made for its side,
 * whatever the lane's direction is by now; everybody else the port's (G5).
 */
const SELECT = `SELECT p.lane_id, p.seen_at > now() - interval '${AWAY_SECONDS} seconds' AS connected,
    v.viewer, v.leads_from, v.leads_to, v.view
  FROM hub_presence p LEFT JOIN hub_lane_views v ON v.lane_id = p.lane_id
    AND v.viewer = CASE $1 WHEN v.leads_from THEN 'exitOfficer' WHEN v.leads_to THEN 'entryOfficer' ELSE 'portSupervisor' END`;

/**
 * The newest view of each lane for each viewer, in the database, so that any hub shows any lane. They hold both sides' reasons: in
 * the database they are closed with a key that only hubs have.
 */
export class LaneViews {
  readonly #pool: Pool;
  readonly #notices: HubNotices;
  readonly #box: SecretBox;

  constructor(pool: Pool, notices: HubNotices, box: SecretBox) {
    this.#pool = pool;
    this.#notices = notices;
    this.#box = box;
  }

  /** All views are of one direction. Those that were made when the lane led elsewhere go in the same instant. */
  async put(laneId: string, views: readonly SupervisorView[]): Promise<void> {
    const rows = views.map(({ viewer, direction, ...view }) => {
      const text = JSON.stringify({ ...view, viewer, direction });
      return {
        viewer,
        ...direction,
        view: this.#box.close(text, placeOf(laneId, viewer, direction.from, direction.to)),
      };
    });
    await this.#pool.query({
      name: 'putViews',
      text: `WITH seen AS (
          INSERT INTO hub_presence VALUES ($1, now()) ON CONFLICT (lane_id) DO UPDATE SET seen_at = now()
        ), news AS (
          SELECT * FROM jsonb_to_recordset($2::jsonb) AS v(viewer text, "from" text, "to" text, view text)
        ), gone AS (
          DELETE FROM hub_lane_views o WHERE o.lane_id = $1 AND NOT EXISTS (SELECT FROM news n
            WHERE n.viewer = o.viewer OR (n."from" = o.leads_from AND n."to" = o.leads_to))
        ), kept AS (
          INSERT INTO hub_lane_views (lane_id, viewer, leads_from, leads_to, view)
            SELECT $1, n.viewer, n."from", n."to", n.view FROM news n
            ON CONFLICT (lane_id, viewer) DO UPDATE
              SET leads_from = excluded.leads_from, leads_to = excluded.leads_to, view = excluded.view
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

  async all(eyes: Eyes): Promise<readonly FeedEvent[]> {
    const { rows } = await this.#pool.query<Row>({
      name: 'allViews',
      text: `${SELECT} ORDER BY p.lane_id LIMIT 1000`,
      values: [eyes],
    });
    return rows.map((row) => this.#eventOf(row));
  }

  async one(laneId: string, eyes: Eyes): Promise<FeedEvent | null> {
    const { rows } = await this.#pool.query<Row>({
      name: 'oneView',
      text: `${SELECT} WHERE p.lane_id = $2`,
      values: [eyes, laneId],
    });
    return rows[0] === undefined ? null : this.#eventOf(rows[0]);
  }

  /** Tells the name of a lane that has shown something new, or an empty one: look at all. Gives the way to stop. */
  onChange(listener: (laneId: string) => void): () => void {
    return this.#notices.on('views', listener);
  }

  /** A view that was closed with another key, or that somebody has moved, is none: the lane sends it again. */
  #eventOf({ lane_id: laneId, connected, viewer, leads_from, leads_to, view }: Row): FeedEvent {
    const place = placeOf(laneId, viewer ?? '', leads_from ?? '', leads_to ?? '');
    const text = view === null ? null : this.#box.open(view, place);
    return { laneId, connected, view: text === null ? null : supervisorViewSchema.parse(JSON.parse(text)) };
  }
}

function placeOf(laneId: string, viewer: string, from: string, to: string): string {
  return `view ${laneId} ${viewer} ${from} ${to}`;
}
