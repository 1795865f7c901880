import type { Worker } from 'node:worker_threads';
import { askToEnd, type GuardCells, mayTerminate } from './native-guard.ts';
import { END_REQUEST } from './worker-messages.ts';

export interface RetireDelays {
  /** For the worker to release its models and end by itself. */
  readonly graceMs: number;
  readonly pollMs: number;
  /** For native code to come back, before the thread is left to itself. */
  readonly giveUpMs: number;
}

/**
 * Ends a worker: kindly if it still listens, otherwise by force, but never while native code would come back into it
 * (see native-guard.ts).
 */
export async function retireWorker(worker: Worker, guard: GuardCells, delays: RetireDelays): Promise<void> {
  let ended = false;
  worker.once('exit', () => {
    ended = true;
  });
  askToEnd(guard);
  worker.postMessage(END_REQUEST);
  const started = performance.now();
  const passedMs = (): number => performance.now() - started;
  while (!ended && (passedMs() < delays.graceMs || !mayTerminate(guard))) {
    // Native code that never comes back: the thread is lost, the process is not.
    if (passedMs() >= delays.giveUpMs) return worker.unref();
    await new Promise((resolve) => setTimeout(resolve, delays.pollMs));
  }
  await worker.terminate();
}
