import { z } from 'zod';
import { AUDIT_EVENTS, type AuditEventId, auditFactsSchema, type Severity } from '../../contract/audit-events.ts';
import { ownerSchema } from '../../contract/crossing.ts';
import type { AuditLine, AuditQuery } from '../../contract/supervisor-console.ts';
import type { RecordEventType } from '../record-events.ts';

/** A journal entry as both backends give it. */
export interface JournalLine {
  readonly seq: number | string;
  readonly lane_id: string;
  readonly at: string;
  readonly type: string;
  readonly record_id: string | null;
  readonly payload: string;
}

/** What a record's own events are called in the registry. `asked` says nothing that its answers don't. */
const EVENT_OF: Readonly<Partial<Record<RecordEventType, AuditEventId>>> = {
  opened: 'recordOpened',
  identified: 'documentIdentified',
  verified: 'faceVerified',
  answered: 'controlAnswered',
  committed: 'clearanceCommitted',
  lastDoorReleased: 'doorReleased',
  passed: 'travellerPassed',
  refused: 'crossingRefused',
  referred: 'crossingReferred',
  resolved: 'referralResolved',
  abandoned: 'crossingAbandoned',
  voided: 'crossingVoided',
};

/** The journal's types and the audit events that a query asks for; empty filters ask for all. */
export function wantedOf({ events, severities }: Pick<AuditQuery, 'events' | 'severities'>): {
  readonly types: readonly string[];
  readonly events: readonly AuditEventId[];
} {
  const wanted = (Object.keys(AUDIT_EVENTS) as AuditEventId[]).filter(
    (id) =>
      (events.length === 0 || events.includes(id)) &&
      (severities.length === 0 || (severities as readonly Severity[]).includes(AUDIT_EVENTS[id].severity)),
  );
  const types = Object.entries(EVENT_OF).flatMap(([type, id]) => (wanted.includes(id) ? [type] : []));
  return { types, events: wanted };
}

const auditPayload = z.object({ event: z.string(), owner: ownerSchema, facts: auditFactsSchema });
const answeredPayload = z.object({ answer: z.object({ body: z.object({ side: z.string(), word: z.string() }) }) });

/** Null for an event that this software does not know: a newer one wrote it. */
export function auditLineOf(line: JournalLine): AuditLine | null {
  const payload: unknown = JSON.parse(line.payload);
  const common = { sequence: Number(line.seq), laneId: line.lane_id, at: line.at, recordId: line.record_id };
  if (line.type === 'audit') {
    const { event, owner, facts } = auditPayload.parse(payload);
    if (!(event in AUDIT_EVENTS)) return null;
    const id = event as AuditEventId;
    return { ...common, event: id, severity: AUDIT_EVENTS[id].severity, owner, facts };
  }
  const event = EVENT_OF[line.type as RecordEventType];
  if (event === undefined) return null;
  const owner = ownerSchema.safeParse((payload as { owner?: unknown }).owner);
  return {
    ...common,
    event,
    severity: AUDIT_EVENTS[event].severity,
    owner: owner.success ? owner.data : AUDIT_EVENTS[event].owner,
    facts: factsOf(line.type, payload),
  };
}

/** The payload's own short codes and numbers; nothing sealed, no digest, no evidence. */
function factsOf(type: string, payload: unknown): AuditLine['facts'] {
  if (type === 'answered') {
    const { side, word } = answeredPayload.parse(payload).answer.body;
    return { side, word };
  }
  if (['opened', 'identified', 'verified'].includes(type)) return {};
  const entries = Object.entries(payload as Record<string, unknown>).filter(
    (entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value.slice(0, 200) : value]),
  );
}
