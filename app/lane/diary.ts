import { AUDIT_EVENTS, type AuditEventId, type AuditFacts } from '../contract/audit-events.ts';
import type { Owner } from '../contract/crossing.ts';
import type { Alarm, TimelineEntry } from '../contract/supervisor-view.ts';
import type { JointRecordStore } from '../record/store.ts';
import { type Clock, isoNow } from './clock.ts';

const TIMELINE_LENGTH = 100;
const ALARM_LENGTH = 100;

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
  #alarms: Alarm[] = [];
  #lastAlarm = 0;

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
    return this.#alarms;
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
    const alarm = this.#alarms.find(({ id }) => id === alarmId) ?? null;
    if (alarm !== null) {
      this.#alarms = this.#alarms.filter(({ id }) => id !== alarmId);
      this.#onChange();
    }
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
    const recordId = line.recordId ?? null;
    const detail = line.detail ?? null;
    // The same trouble again is one alarm that counts: a babbling device must not bury the others.
    const same = this.#alarms.find(
      (known) =>
        known.event === event && known.owner === owner && known.detail === detail && known.recordId === recordId,
    );
    if (same !== undefined) {
      this.#alarms = this.#alarms.map((known) => (known === same ? { ...known, at, count: known.count + 1 } : known));
    } else {
      this.#lastAlarm += 1;
      const id = this.#lastAlarm;
      this.#alarms = [...this.#alarms, { id, event, severity, owner, at, recordId, detail, count: 1 }].slice(
        -ALARM_LENGTH,
      );
    }
    this.#onChange();
  }
}
