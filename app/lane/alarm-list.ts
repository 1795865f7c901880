import type { Severity } from '../contract/audit-events.ts';
import type { Alarm } from '../contract/supervisor-view.ts';

/** Beyond this the mild ones make room, oldest first. */
const ROOM = 100;
const GRAVE: readonly Severity[] = ['critical', 'security'];

export type NewAlarm = Omit<Alarm, 'id' | 'count'>;

/**
 * Alarms that nobody has acknowledged yet. A grave one is never dropped: when there is no room left, the oldest of one kind
 * become a single one that counts them, without the detail they do not share. Kinds are few, so the list stays short.
 */
export class AlarmList {
  #alarms: readonly Alarm[] = [];
  #last = 0;

  get all(): readonly Alarm[] {
    return this.#alarms;
  }

  /** The same trouble again is one alarm that counts: a babbling device must not bury the others. */
  raise(alarm: NewAlarm): void {
    const same = this.#alarms.find(
      (known) => sameKind(known, alarm) && known.detail === alarm.detail && known.recordId === alarm.recordId,
    );
    if (same !== undefined) {
      this.#alarms = this.#alarms.map((known) =>
        known === same ? { ...known, at: alarm.at, count: known.count + 1 } : known,
      );
      return;
    }
    this.#last += 1;
    this.#alarms = [...this.#alarms, { ...alarm, id: this.#last, count: 1 }];
    if (this.#alarms.length > ROOM) this.#makeRoom();
  }

  acknowledge(id: number): Alarm | null {
    const alarm = this.#alarms.find((known) => known.id === id) ?? null;
    this.#alarms = this.#alarms.filter((known) => known !== alarm);
    return alarm;
  }

  #makeRoom(): void {
    const mild = this.#alarms.find(({ severity }) => !GRAVE.includes(severity));
    if (mild !== undefined) {
      this.#alarms = this.#alarms.filter((known) => known !== mild);
      return;
    }
    for (const oldest of this.#alarms) {
      const next = this.#alarms.find((other) => other !== oldest && sameKind(other, oldest));
      if (next === undefined) continue;
      const both = { ...next, count: oldest.count + next.count, detail: null, recordId: null };
      this.#alarms = this.#alarms.flatMap((known) => (known === oldest ? [] : known === next ? [both] : [known]));
      return;
    }
  }
}

function sameKind(a: NewAlarm, b: NewAlarm): boolean {
  return a.event === b.event && a.owner === b.owner;
}
