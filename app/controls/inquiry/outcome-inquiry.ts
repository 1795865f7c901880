import type { RecordOutcome } from '../../contract/control-protocol.ts';
import type { Result } from '../../contract/result.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { EmbeddedControl } from '../embedded/embedded-control.ts';

/** Where the joint record lives: the lane's own store, or the port's hub over the network. */
export interface RecordHome {
  outcome(recordId: string, signal: AbortSignal): Promise<Result<RecordOutcome, unknown>>;
}

export interface InquiryOptions {
  readonly control: Pick<EmbeddedControl, 'unresolved' | 'learnOutcome' | 'lapseOverdue'>;
  readonly home: RecordHome;
  readonly clock?: Clock;
  /** How often to look for clears nobody spoke of. Default 5 s. */
  readonly everyMs?: number;
  /** For one question. Default 2 s. */
  readonly timeoutMs?: number;
  readonly onRound?: (round: InquiryRound) => void;
}

export interface InquiryRound {
  readonly asked: number;
  readonly learnt: number;
  /** Voided on this side: no commit was known at expiry plus grace. */
  readonly lapsed: number;
}

export interface OutcomeInquiry {
  /** One round now, for tests and for the end of a maintenance window. */
  round(): Promise<InquiryRound>;
  stop(): Promise<void>;
}

const BATCH = 100;

/**
 * A control that cleared and never learnt what became of it asks the record's home. What is committed is taken as if the notice
 * had come; what has ended is given back; of what is open or unknown nothing is believed, and at expiry plus grace it is
 * voided. A passage that is told afterwards is an alarm.
 */
export function startOutcomeInquiry(options: InquiryOptions): OutcomeInquiry {
  const { control, home, clock = systemClock, everyMs = 5_000, timeoutMs = 2_000 } = options;
  let stopped = false;
  let cancel: () => void = () => undefined;
  let running: Promise<unknown> = Promise.resolve();

  async function ask(recordId: string): Promise<RecordOutcome | null> {
    const limit = new AbortController();
    const stopWaiting = clock.after(timeoutMs, () => limit.abort());
    try {
      const outcome = await home.outcome(recordId, limit.signal);
      return outcome.ok ? outcome.value : null;
    } catch {
      // A home that throws has said nothing.
      return null;
    } finally {
      stopWaiting();
    }
  }

  async function round(): Promise<InquiryRound> {
    const waiting = control.unresolved(BATCH);
    let [asked, learnt] = [0, 0];
    for (const recordId of waiting.ok ? waiting.value : []) {
      if (stopped) break;
      asked += 1;
      const outcome = await ask(recordId);
      // A home that is gone is not asked a hundred times in a row.
      if (outcome === null) break;
      if (outcome === 'open' || outcome === 'unknown') continue;
      if (control.learnOutcome(recordId, outcome === 'voided' ? 'voided' : 'committed').ok) learnt += 1;
    }
    const overdue = control.lapseOverdue();
    const done = { asked, learnt, lapsed: overdue.ok ? overdue.value : 0 };
    options.onRound?.(done);
    return done;
  }

  const schedule = (): void => {
    cancel = clock.after(everyMs, () => {
      running = round().finally(() => {
        if (!stopped) schedule();
      });
    });
  };
  schedule();
  return {
    round,
    async stop() {
      stopped = true;
      cancel();
      await running;
    },
  };
}
