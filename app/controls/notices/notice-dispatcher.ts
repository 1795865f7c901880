import type { ControlError, Notice } from '../../contract/control-protocol.ts';
import type { Side } from '../../contract/crossing.ts';
import type { Result } from '../../contract/result.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Control } from '../control.ts';

/** What the dispatcher needs of the joint record store, and no more. */
export interface NoticeOutbox {
  /** Undelivered notices for a side, oldest first. */
  outbox(side: Side, limit: number): Promise<Result<readonly PendingNotice[], unknown>>;
  noticeDelivered(id: number): Promise<Result<void, unknown>>;
  noticeFailed(id: number): Promise<Result<void, unknown>>;
  /** Refused for good: journaled once, and gone from `outbox` until somebody has seen to it. */
  noticeRefused(id: number, code: string): Promise<Result<void, unknown>>;
}

export interface PendingNotice {
  readonly id: number;
  readonly notice: Notice;
}

export type NoticeOutcome =
  | { readonly type: 'delivered'; readonly notice: Notice }
  /** `final`: the control understood and said no; the record's later notices wait behind it for an officer. */
  | { readonly type: 'failed'; readonly notice: Notice; readonly error: ControlError; readonly final: boolean };

export interface DispatcherOptions {
  readonly control: Control;
  readonly outbox: NoticeOutbox;
  readonly clock?: Clock;
  /** Spread of back-off, 0..1; default Math.random. */
  readonly random?: () => number;
  /** For one notice. Default 5 s. */
  readonly timeoutMs?: number;
  /** How often the outbox is looked at although nobody called `wake`. Default 1 s. */
  readonly idleMs?: number;
  readonly onOutcome?: (outcome: NoticeOutcome) => void;
}

export interface NoticeDispatcher {
  /** Something new is in the outbox. Does not shorten the wait for a control that is gone. */
  wake(): void;
  /** Ends after the notice under way. */
  stop(): Promise<void>;
}

const BATCH = 100;
const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_IDLE_MS = 1_000;
const FIRST_BACK_OFF_MS = 250;
const MAX_BACK_OFF_MS = 30_000;

type Round = 'done' | 'more' | 'failed';

/**
 * Drains one side's outbox: at least once, each record's notices in order, with the outbox's own key so that the control
 * can tell a repeat. A control that is gone is tried again with growing pauses; nothing is ever dropped.
 */
export function startNoticeDispatcher(options: DispatcherOptions): NoticeDispatcher {
  const { control, outbox, clock = systemClock, random = Math.random } = options;
  const waiting = createWait(clock);
  let stopped = false;

  async function deliver({ id, notice }: PendingNotice): Promise<'delivered' | 'refused' | 'failed'> {
    const told = await notifyInTime(control, notice, clock, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    if (told.ok) {
      const noted = await outbox.noticeDelivered(id);
      options.onOutcome?.({ type: 'delivered', notice });
      // Not noted: it will be told again, and the control knows its key.
      return noted.ok ? 'delivered' : 'failed';
    }
    const final = isFinal(told.error);
    if (final) await outbox.noticeRefused(id, refusalOf(told.error));
    else await outbox.noticeFailed(id);
    options.onOutcome?.({ type: 'failed', notice, error: told.error, final });
    return final ? 'refused' : 'failed';
  }

  async function round(): Promise<Round> {
    const batch = await outbox.outbox(control.side, BATCH);
    if (!batch.ok) return 'failed';
    const held = new Set<string>();
    let delivered = 0;
    for (const pending of batch.value) {
      if (stopped) return 'done';
      if (held.has(pending.notice.recordId)) continue;
      const outcome = await deliver(pending);
      if (outcome === 'failed') return 'failed';
      if (outcome === 'refused') held.add(pending.notice.recordId);
      else delivered += 1;
    }
    if (held.size > 0) return delivered > 0 ? 'more' : 'failed';
    return batch.value.length === BATCH ? 'more' : 'done';
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped) {
      const outcome = await round();
      failures = outcome === 'failed' ? failures + 1 : 0;
      if (stopped || outcome === 'more') continue;
      if (failures > 0) await waiting.pause(backOffMs(failures, random()));
      else await waiting.untilWoken(options.idleMs ?? DEFAULT_IDLE_MS);
    }
  }

  const running = run();
  return {
    wake: waiting.wake,
    async stop() {
      stopped = true;
      waiting.end();
      await running;
    },
  };
}

/** Refused for what it says, not for the moment: the same notice will be refused again. */
const FINAL_DETAILS: ReadonlySet<string> = new Set([
  'requestMalformed',
  'requestTooLarge',
  'recordMismatch',
  'noticeChanged',
  'receiptForged',
]);

function isFinal(error: ControlError): boolean {
  if (error.code === 'controlAnswerInvalid') return true;
  return error.code === 'controlUnreachable' && FINAL_DETAILS.has(error.detail);
}

function refusalOf(error: ControlError): string {
  if (error.code === 'controlAnswerInvalid') return error.problem;
  return error.code === 'controlUnreachable' ? error.detail : error.code;
}

async function notifyInTime(control: Control, notice: Notice, clock: Clock, timeoutMs: number) {
  const limit = new AbortController();
  const cancel = clock.after(timeoutMs, () => limit.abort());
  try {
    return await control.notify(notice, `${notice.recordId}:${notice.step}`, limit.signal);
  } finally {
    cancel();
  }
}

/** 250 ms doubling up to 30 s, each between half and the whole of it. */
function backOffMs(failures: number, spread: number): number {
  return Math.min(MAX_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1)) * (0.5 + spread / 2);
}

function createWait(clock: Clock) {
  let woken = false;
  let ended = false;
  let onWake: (() => void) | null = null;
  let onEnd: (() => void) | null = null;

  function wait(delayMs: number, wakeable: boolean): Promise<void> {
    if (ended || (wakeable && woken)) {
      woken = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        onWake = null;
        onEnd = null;
        woken = false;
        resolve();
      };
      const cancel = clock.after(delayMs, finish);
      onEnd = finish;
      if (wakeable) onWake = finish;
    });
  }
  return {
    pause: (delayMs: number) => wait(delayMs, false),
    untilWoken: (delayMs: number) => wait(delayMs, true),
    wake(): void {
      woken = true;
      onWake?.();
    },
    end(): void {
      ended = true;
      onEnd?.();
    },
  };
}
