import type Database from 'better-sqlite3';
import type { LaneLife } from '../store.ts';
import type { JournalTable } from './journal-table.ts';

/** The lives of lanes, numbered by the record's home. Runs inside the caller's transaction. */
export interface Lives {
  begin(laneId: string, at: string): LaneLife;
  /** The life a lane has begun last; 0 before its first. */
  present(laneId: string): number;
}

export function lives(db: Database.Database, journal: JournalTable): Lives {
  const next = db
    .prepare<[string], number>(
      'INSERT INTO lives (lane_id, life) VALUES (?, 1) ON CONFLICT DO UPDATE SET life = life + 1 RETURNING life',
    )
    .pluck();
  const present = db.prepare<[string], number>('SELECT life FROM lives WHERE lane_id = ?').pluck();
  return {
    begin: (laneId, at) => {
      const life = next.get(laneId) ?? 1;
      journal.append({ type: 'lifeBegan', recordId: null, payload: { laneId, life } }, at);
      return { laneId, life };
    },
    present: (laneId) => present.get(laneId) ?? 0,
  };
}
