import type { AuditEntry } from '../contract/audit-events.ts';
import type { Side } from '../contract/crossing.ts';
import { ok, type Result } from '../contract/result.ts';
import type { RecordUpkeep } from './store.ts';

const DAY_MS = 86_400_000;
const DEFAULT_EVERY_MS = 3_600_000;
/** A timer of Node holds no longer than this; a longer pause is waited for in parts. */
const MAX_TIMER_MS = 2_000_000_000;

/** Time as a job sees it, so that tests decide what time it is. */
export interface JobClock {
  nowMs(): number;
  /** Calls `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** One side's control, as far as its data has to go. */
export interface ErasableControl {
  readonly side: Side;
  erase(beforeMs: number): Result<number, { readonly code: string }>;
}

export interface RetentionOptions {
  /** Null: kept elsewhere, and erased there. */
  readonly record: Pick<RecordUpkeep, 'eraseBefore'> | null;
  /** Where the job's own lines go; the record journals what it erased by itself. */
  readonly audit: (entry: AuditEntry) => Promise<Result<number, unknown>>;
  /** The controls that keep their data here; none when both are on the network and see to it themselves. */
  readonly controls: readonly ErasableControl[];
  /** Whole days an ended crossing is kept: in the record, and at each control. */
  readonly keepDays: { readonly record: number; readonly controls: number };
  readonly clock: JobClock;
  /** How often it runs. Default an hour: what is past its time is at most that much older. */
  readonly everyMs?: number;
  readonly onRun?: (run: RetentionRun) => void;
}

export interface RetentionRun {
  readonly atMs: number;
  /** Null: it could not be erased, which is audited and tried again at the next run. */
  readonly records: number | null;
  readonly crossings: Readonly<Partial<Record<Side, number | null>>>;
}

/**
 * Erases what is past its time, by the clock: ended records with their journal's front, and each control's ended crossings.
 * Freed pages are overwritten and given back by those who own the files. Whatever cannot be erased is an alarm, and tried
 * again. Runs never overlap.
 */
export class RetentionJob {
  readonly #options: RetentionOptions;
  #cancel: (() => void) | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: RetentionOptions) {
    const { keepDays } = options;
    // A slip of the pen must not erase today's crossings.
    if (keepDays.record < 1 || keepDays.controls < 1) throw new RangeError('data is kept for a day at least');
    this.#options = options;
  }

  /** First run at once: a lane that is switched off every night would otherwise never come to it. */
  start(): void {
    this.#running = this.run().finally(() => this.#schedule(this.#options.everyMs ?? DEFAULT_EVERY_MS));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  /** One run now. */
  async run(): Promise<RetentionRun> {
    const { record, controls, keepDays, clock, onRun } = this.#options;
    const atMs = clock.nowMs();
    const crossings: Partial<Record<Side, number | null>> = {};
    for (const control of controls)
      crossings[control.side] = await this.#eraseAt(control, atMs - keepDays.controls * DAY_MS);
    const before = new Date(atMs - keepDays.record * DAY_MS).toISOString();
    const erased = record === null ? ok({ records: 0 }) : await record.eraseBefore(before);
    if (!erased.ok) await this.#failed('port', 'record', erased.error.code);
    const run = { atMs, records: erased.ok ? erased.value.records : null, crossings };
    onRun?.(run);
    return run;
  }

  async #eraseAt({ side, erase }: ErasableControl, beforeMs: number): Promise<number | null> {
    const erased = erase(beforeMs);
    if (!erased.ok) {
      await this.#failed(side, `${side} control`, erased.error.code);
      return null;
    }
    const facts = { side, before: new Date(beforeMs).toISOString(), crossings: erased.value };
    if (erased.value > 0) await this.#options.audit({ event: 'controlDataErased', recordId: null, owner: side, facts });
    return erased.value;
  }

  async #failed(owner: Side | 'port', what: string, code: string): Promise<void> {
    await this.#options.audit({ event: 'retentionFailed', recordId: null, owner, facts: { what, code } });
  }

  #schedule(leftMs: number): void {
    if (this.#stopped) return;
    const partMs = Math.min(leftMs, MAX_TIMER_MS);
    this.#cancel = this.#options.clock.after(partMs, () => {
      if (leftMs > partMs) return this.#schedule(leftMs - partMs);
      this.start();
    });
  }
}
