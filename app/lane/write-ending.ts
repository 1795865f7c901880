import type { AuditEventId } from '../contract/audit-events.ts';
import type { Check, Owner } from '../contract/crossing.ts';
import { ok, type Result } from '../contract/result.ts';
import type { CrossingEnding } from '../domain/crossing/effects.ts';
import type { JointRecordStore, RecordEnding, StoreError } from '../record/store.ts';
import type { CrossingScope } from './crossing-scope.ts';

export interface WrittenEnding {
  readonly event: AuditEventId;
  readonly owner: Owner;
  readonly detail: string | null;
}

/**
 * Writes how the crossing ended. A commit that was given up on may have become durable all the same: such a record is voided on
 * both sides, whatever the crossing believed, because exit and entry stand or fall together (G2).
 */
export async function writeEnding(
  ending: CrossingEnding,
  passagesAfter: number | null,
  { recordId, checks, services: { store } }: CrossingScope,
): Promise<Result<WrittenEnding, StoreError>> {
  const decided = await standingEnding(ending, recordId, store);
  if (!decided.ok) return decided;
  const written = await store.end(recordId, toRecordEnding(decided.value, passagesAfter, checks.all));
  return written.ok ? ok(auditLineOf(decided.value)) : written;
}

async function standingEnding(
  ending: CrossingEnding,
  recordId: string,
  store: JointRecordStore,
): Promise<Result<CrossingEnding, StoreError>> {
  if (ending.state === 'passed' || ending.state === 'voided') return ok(ending);
  // The one question that a standing clearance may leave to an officer.
  if (ending.state === 'referred' && ending.code === 'passageUncertain') return ok(ending);
  const record = await store.read(recordId);
  if (!record.ok) return record;
  return ok(record.value.state === 'committed' ? { state: 'voided', code: 'storeFailed' } : ending);
}

function toRecordEnding(ending: CrossingEnding, passagesAfter: number | null, checks: readonly Check[]): RecordEnding {
  switch (ending.state) {
    case 'passed':
      return { type: 'passed', passagesAfter };
    case 'refused':
      return { type: 'refused', owner: ending.owner };
    case 'referred':
      return { type: 'referred', owner: ending.owner, code: ending.code, checks };
    case 'abandoned':
      return { type: 'abandoned', code: ending.code };
    case 'voided':
      return { type: 'voided', code: ending.code };
  }
}

function auditLineOf(ending: CrossingEnding): WrittenEnding {
  switch (ending.state) {
    case 'passed':
      return { event: 'travellerPassed', owner: 'port', detail: null };
    case 'refused':
      return { event: 'crossingRefused', owner: ending.owner, detail: ending.owner };
    case 'referred':
      return { event: 'crossingReferred', owner: ending.owner, detail: ending.code };
    case 'abandoned':
      return { event: 'crossingAbandoned', owner: 'port', detail: ending.code };
    case 'voided':
      return { event: 'crossingVoided', owner: 'port', detail: ending.code };
  }
}
