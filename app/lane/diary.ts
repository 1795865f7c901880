import { AUDIT_EVENTS, type AuditEventId, type AuditFacts } from '../contract/audit-events.ts';
import type { Owner } from '../contract/crossing.ts';
import type { Alarm, TimelineEntry } from '../contract/supervisor-view.ts';
import type { JointRecordStore } from '../record/store.ts';
import { AlarmList } from './alarm-list.ts';
import { type Clock, isoNow } from './clock.ts';

const TIMELINE_LENGTH = 100;

export interface DiaryLine {
  readonly recordId?: string | null;
  readonly owner?: Owner;
  readonly facts?: AuditFacts;
  /** Shown beside the event's text, e.g. a device or a referral code. */
  readonly detail?: string;
}

/**
 * Everything that must be known afterwards goes through here: into the journal, onto the supervisor's timeline, and, where the
 * registry says so, into the alarm list. When the journal can't be written the alarm still stands on the screen.
 */
export class Diary {
  readonly #store: JointRecordStore;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  readonly #onStoreFailed: () => void;
  #timeline: TimelineEntry[] = [];
  readonly #alarms = new AlarmList();

  constructor(store: JointRecordStore, clock: Clock, onChange: () => void, onStoreFailed: () => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#onStoreFailed = onStoreFailed;
  }

  get timeline(): readonly TimelineEntry[] {
    return this.#timeline;
  }

  get alarms(): readonly Alarm[] {
    return this.#alarms.all;
  }

  /** Writes an audit line of its own. Resolves when it is durable, or when it is known that it can't be. */
  async note(event: AuditEventId, line: DiaryLine = {}): Promise<void> {
    const owner = line.owner ?? AUDIT_EVENTS[event].owner;
    const at = isoNow(this.#clock);
    this.#show(event, at, line);
    // Officers hear of it now, whether or not it can be written.
    this.#alarm(event, at, owner, line);
    const facts: AuditFacts = { ...line.facts, ...(line.detail === undefined ? {} : { detail: line.detail }) };
    const written = await this.#store.audit({ event, recordId: line.recordId ?? null, owner, facts });
    if (!written.ok) this.#onStoreFailed();
  }

  /** For events whose journal entry the record's own state change has written: timeline and alarm only. */
  recorded(event: AuditEventId, line: DiaryLine = {}): void {
    const at = isoNow(this.#clock);
    this.#show(event, at, line);
    this.#alarm(event, at, line.owner ?? AUDIT_EVENTS[event].owner, line);
  }

  acknowledge(alarmId: number): Alarm | null {
    const alarm = this.#alarms.acknowledge(alarmId);
    if (alarm !== null) this.#onChange();
    return alarm;
  }

  #show(event: AuditEventId, at: string, { recordId, owner, detail }: DiaryLine): void {
    this.#timeline = [
      ...this.#timeline,
      { at, event, owner: owner ?? AUDIT_EVENTS[event].owner, recordId: recordId ?? null, detail: detail ?? null },
    ].slice(-TIMELINE_LENGTH);
    this.#onChange();
  }

  #alarm(event: AuditEventId, at: string, owner: Owner, line: DiaryLine): void {
    const { alarm, severity } = AUDIT_EVENTS[event];
    if (!alarm) return;
    this.#alarms.raise({ event, severity, owner, at, recordId: line.recordId ?? null, detail: line.detail ?? null });
    this.#onChange();
  }
}
