import { Pool } from 'pg';
import type { Side } from '../../contract/crossing.ts';
import type { RecordDoc } from '../record-doc.ts';
import { NOTHING_STORED, readingPgChain } from './postgres-chain.ts';
import { type Reconciliation, reconciler } from './reconcile-file.ts';
import type { StoredRecord } from './row-check.ts';
import { type SideRecord, sideView } from './side-view.ts';

/** A port's database for an auditor's command: one connection, given back whatever happens. */
export async function* openPort(connectionString: string): AsyncGenerator<Pool> {
  const pool = new Pool({ connectionString, max: 1, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined); // a connection that breaks is noticed by the next query
  try {
    yield pool;
  } finally {
    await pool.end();
  }
}

export async function chainsOf(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ chain: string }>('SELECT chain FROM chains ORDER BY chain');
  return rows.map(({ chain }) => chain);
}

/**
 * Every lane's records opened from `fromIso` (inclusive) to `toIso` (exclusive) as one side may have them, lane by lane,
 * oldest first. `take` is given each page as it comes.
 */
export function exportPgPort(
  connectionString: string,
  { side, fromIso, toIso }: { readonly side: Side; readonly fromIso: string; readonly toIso: string },
  take: (records: readonly SideRecord[]) => void,
): Promise<void> {
  return eachPage(connectionString, fromIso, toIso, (docs, stored) =>
    take(
      docs.map((doc) => {
        const receipt = stored.get(doc.recordId)?.receipt ?? null;
        return sideView(doc, side, receipt === null ? null : JSON.parse(receipt));
      }),
    ),
  );
}

/** Both sides' registers of a port over a time, put side by side: all lanes together. */
export async function reconcilePgPort(
  connectionString: string,
  fromIso: string,
  toIso: string,
): Promise<Reconciliation> {
  const both = reconciler(fromIso, toIso);
  await eachPage(connectionString, fromIso, toIso, (docs, stored) => {
    for (const doc of docs) both.add(doc, stored.get(doc.recordId) ?? NOTHING_STORED);
  });
  return both.result();
}

async function eachPage(
  connectionString: string,
  fromIso: string,
  toIso: string,
  take: (docs: readonly RecordDoc[], stored: ReadonlyMap<string, StoredRecord>) => void,
): Promise<void> {
  for await (const pool of openPort(connectionString)) {
    for (const chain of await chainsOf(pool)) {
      await readingPgChain(pool, chain, async (reader) => {
        for await (const docs of reader.opened(fromIso, toIso)) {
          take(docs, await reader.stored(docs.map(({ recordId }) => recordId)));
        }
      });
    }
  }
}
