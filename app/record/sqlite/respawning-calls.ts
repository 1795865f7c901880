import { err, type Result } from '../../contract/result.ts';
import type { StoreError } from '../store.ts';
import type { OpName, Reply } from './messages.ts';
import type { WorkerCalls } from './worker-calls.ts';

export interface RespawningCalls {
  call(op: OpName, args: readonly unknown[], nowMs: number, limitMs?: number): Promise<Omit<Reply, 'id'>>;
  close(nowMs: number): Promise<void>;
}

/**
 * A worker that was lost is replaced by the next call, at most once in `pauseMs`; until a new one has the file open
 * every call is `storeFailed`. What the lost one was doing has failed, whatever became of it on disk: if it was still
 * written, reading shows it. Two at once can do no harm: each write is one transaction that reads the chain's end itself.
 * `spawn` starts a worker; the first one has been started and is ready.
 */
export function respawningCalls(
  first: WorkerCalls,
  spawn: () => WorkerCalls,
  pauseMs: number,
  monotonicMs: () => number,
): RespawningCalls {
  let current = first;
  let lastSpawnMs = monotonicMs();
  let spawning: Promise<Result<void, StoreError>> | null = null;

  const replace = async (): Promise<Result<void, StoreError>> => {
    lastSpawnMs = monotonicMs();
    const next = spawn();
    const ready = await next.ready;
    if (ready.ok) current = next;
    return ready;
  };

  return {
    call: async (op, args, nowMs, limitMs) => {
      const lost = current.lost();
      if (lost !== null) {
        if (spawning === null && monotonicMs() - lastSpawnMs < pauseMs) {
          return { result: err({ code: 'storeFailed', detail: lost }), unsigned: 0 };
        }
        spawning ??= replace().finally(() => {
          spawning = null;
        });
        const ready = await spawning;
        if (!ready.ok) return { result: ready, unsigned: 0 };
      }
      return current.call(op, args, nowMs, limitMs);
    },
    close: async (nowMs) => {
      await spawning;
      await current.close(nowMs);
    },
  };
}
