import type { Worker } from 'node:worker_threads';
import { err, type Result } from '../../contract/result.ts';
import type { StoreError } from '../store.ts';
import type { OpName, Ready, Reply } from './messages.ts';

export interface WorkerCalls {
  readonly ready: Promise<Result<void, StoreError>>;
  /** Why this worker will never answer again, or null. */
  lost(): string | null;
  /** `limitMs`: for an operation that may take longer than the others. */
  call(op: OpName, args: readonly unknown[], nowMs: number, limitMs?: number): Promise<Omit<Reply, 'id'>>;
  /** Asks the worker to end in order; ends it in any case. */
  close(nowMs: number): Promise<void>;
}

interface Pending {
  readonly settle: (reply: Omit<Reply, 'id'>) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Requests and replies over a worker thread. Every request settles: with the worker's reply, or with `storeFailed` when
 * the worker has died or has not answered in time. A worker that once was late is ended and never asked again: its
 * late word must not be mistaken for the next one's.
 */
export function workerCalls(worker: Worker, timeoutMs: number): WorkerCalls {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let lost: string | null = null;
  const { promise: ready, resolve: settleReady } = deferred<Result<void, StoreError>>();
  const { promise: exited, resolve: settleExited } = deferred<void>();

  const fail = (detail: string): void => {
    lost ??= detail;
    const result = err<StoreError>({ code: 'storeFailed', detail: lost });
    settleReady(result);
    for (const { settle, timer } of pending.values()) {
      clearTimeout(timer);
      settle({ result, unsigned: 0 });
    }
    pending.clear();
    void worker.terminate();
  };

  const startTimer = setTimeout(() => fail('workerTimeout: the file was not open in time'), timeoutMs * 4);
  worker.once('message', (first: Ready) => {
    clearTimeout(startTimer);
    settleReady(first.ready);
    worker.on('message', (reply: Reply) => {
      const waiting = pending.get(reply.id);
      if (waiting === undefined) return;
      pending.delete(reply.id);
      clearTimeout(waiting.timer);
      waiting.settle(reply);
      if (pending.size === 0) worker.unref();
    });
    worker.unref();
  });
  worker.on('error', (cause) => fail(`workerDied: ${cause instanceof Error ? cause.message : String(cause)}`));
  worker.on('exit', (code) => {
    clearTimeout(startTimer);
    fail(`workerDied: exit code ${code}`);
    settleExited();
  });

  const post = (
    op: OpName | 'close',
    args: readonly unknown[],
    nowMs: number,
    limitMs = timeoutMs,
  ): Promise<Omit<Reply, 'id'>> => {
    if (lost !== null) {
      return Promise.resolve({ result: err({ code: 'storeFailed', detail: lost }), unsigned: 0 });
    }
    const id = nextId++;
    return new Promise((settle) => {
      const timer = setTimeout(() => fail(`workerTimeout: ${op} took longer than ${limitMs} ms`), limitMs);
      pending.set(id, { settle, timer });
      // A process with nothing else to do still waits for an answer it has asked for.
      worker.ref();
      worker.postMessage({ id, op, args, nowMs });
    });
  };

  return {
    ready,
    lost: () => lost,
    call: post,
    close: async (nowMs) => {
      await post('close', [], nowMs);
      // A thread that is stuck inside SQLite (a dead disk) cannot be ended from outside; it must not hold up the lane.
      const timer = setTimeout(settleExited, timeoutMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
