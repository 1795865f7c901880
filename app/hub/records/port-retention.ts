import { err, ok, type Result } from '../../contract/result.ts';
import type { ControlKeys } from '../../record/clearance-check.ts';
import { pgFailure } from '../../record/postgres/pg-failure.ts';
import { openPgRecordStore } from '../../record/postgres/pg-store.ts';
import { RetentionJob } from '../../record/retention-job.ts';
import type { StoreError } from '../../record/store.ts';
import { type HubConnection, openHubDatabase } from '../database/open-database.ts';
import { eraseCollectedBefore } from '../journals/erase-collected.ts';
import type { PortRecords } from './port-records.ts';

/** Its statements may take longer than any of a crossing. */
const ERASE_TIMEOUT_MS = 600_000;

export interface PortRetentionOptions {
  readonly connection: HubConnection;
  readonly signingKeyPem: string;
  readonly controlKeys: ControlKeys;
  readonly records: Pick<PortRecords, 'portAudit'>;
  readonly keepDays: number;
  readonly clock: ConstructorParameters<typeof RetentionJob>[0]['clock'];
  readonly everyMs?: number;
}

/**
 * A port's retention, by the clock, beside a hub that serves: ended records and the journals' fronts in PostgreSQL, and what was
 * collected of lanes. Several hubs may run it; what one has erased the others do not find.
 */
export async function startPortRetention(
  options: PortRetentionOptions,
): Promise<Result<{ stop(): Promise<void> }, StoreError>> {
  const { connection, signingKeyPem, controlKeys, records, keepDays, clock, everyMs } = options;
  const now = (): Date => new Date(clock.nowMs());
  const opened = await openHubDatabase(connection, { timeoutMs: ERASE_TIMEOUT_MS, writers: 1 });
  if (!opened.ok) return err({ code: 'storeFailed', detail: opened.error.detail });
  const database = opened.value;
  const store = await openPgRecordStore({ connection, signingKeyPem, controlKeys, clock: now, poolSize: 1 });
  if (!store.ok) {
    await database.close();
    return store;
  }
  const job = new RetentionJob({
    record: {
      eraseBefore: async (beforeIso) => {
        const erased = await store.value.eraseBefore(beforeIso);
        if (!erased.ok) return erased;
        try {
          const collected = await eraseCollectedBefore(database.pool, beforeIso);
          const facts = { before: beforeIso, collected };
          if (collected > 0) await records.portAudit({ event: 'retentionRun', recordId: null, owner: 'port', facts });
          return erased;
        } catch (cause) {
          return pgFailure(cause);
        }
      },
    },
    audit: (entry) => records.portAudit(entry),
    // Controls erase their own data: each in its lane, or where it serves.
    controls: [],
    keepDays: { record: keepDays, controls: keepDays },
    clock,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
  job.start();
  const stop = async (): Promise<void> => {
    await job.stop();
    await store.value.close();
    await database.close();
  };
  return ok({ stop });
}
