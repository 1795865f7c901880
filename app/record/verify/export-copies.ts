import type { Side } from '../../contract/crossing.ts';
import { recordSnapshotSchema } from '../remote/wire.ts';
import { openReadOnly } from './open-read-only.ts';
import { type SideRecord, sideView } from './side-view.ts';

/** As `SideRecord`; `home`: the record itself is the hub's, and this is what the lane knew of it. */
export type CopiedRecord = SideRecord & { readonly home: 'hub' };

/** The copies in a lane's file of records whose home is the hub, opened from `fromIso` to `toIso` (exclusive), as one side may have them. */
export function* exportCopies(path: string, side: Side, fromIso: string, toIso: string): Generator<CopiedRecord> {
  const { db, close } = openReadOnly(path);
  try {
    const rows = db
      .prepare<[string, string], { snapshot: string; receipt: string | null }>(
        `SELECT snapshot, receipt FROM copies WHERE snapshot ->> 'openedAt' >= ? AND snapshot ->> 'openedAt' < ?
          ORDER BY snapshot ->> 'openedAt'`,
      )
      .iterate(fromIso, toIso);
    for (const { snapshot, receipt } of rows) {
      const record = recordSnapshotSchema.parse(JSON.parse(snapshot));
      const proof: unknown = receipt === null ? null : JSON.parse(receipt);
      yield { ...sideView({ ...record, ...NOT_COPIED, committedAt: committedAt(proof) }, side, proof), home: 'hub' };
    }
  } finally {
    close();
  }
}

/** What the hub tells nobody in a snapshot. */
const NOT_COPIED = { endCode: null, resolution: null } as const;

function committedAt(receipt: unknown): string | null {
  return (receipt as { body?: { committedAt?: string } } | null)?.body?.committedAt ?? null;
}
