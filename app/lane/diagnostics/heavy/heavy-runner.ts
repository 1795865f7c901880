import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { factsSchema, selfOutcomeSchema } from '../../../contract/diagnostics-checks.ts';
import { type Found, found } from '../checks/timed.ts';
import type { HeavyTask, RunHeavy } from './heavy-task.ts';

/** A journal of a million entries takes half a minute; what takes longer has hung. */
const HEAVY_DEADLINE_MS = 120_000;

const answerSchema = z.strictObject({
  outcome: selfOutcomeSchema,
  code: z.string().max(40).nullable(),
  facts: factsSchema,
});

// The flat bundle has the worker beside it.
const WORKER_URL = new URL(
  import.meta.url.endsWith('.ts') ? './heavy-worker.ts' : './diagnostics-worker.js',
  import.meta.url,
);

/**
 * Does heavy tasks one after the other, each in a worker of its own. A worker is never terminated: the models' native code would
 * come back into a thread that is gone and take the process with it. One that hangs is left alone and its answer is `checkTimedOut`.
 */
export function heavyWorker(deadlineMs = HEAVY_DEADLINE_MS): RunHeavy {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const done = last.then(() => runInWorker(task, deadlineMs));
    last = done;
    return done;
  };
}

function runInWorker(task: HeavyTask, deadlineMs: number): Promise<Found> {
  return new Promise((resolve) => {
    // Not transferred: the caller's frames stay its own to overwrite.
    const worker = new Worker(WORKER_URL, { workerData: task, name: `diagnostics ${task.task}`, execArgv: [] });
    worker.unref();
    const timer = setTimeout(() => resolve(found('failed', 'checkTimedOut')), deadlineMs);
    const end = (result: Found): void => {
      clearTimeout(timer);
      resolve(result);
    };
    worker.once('message', (message: unknown) => {
      const answer = answerSchema.safeParse(message);
      end(answer.success ? answer.data : found('failed', 'checkFailed'));
    });
    worker.once('error', (cause) =>
      end(found('failed', 'checkFailed', { fault: cause instanceof Error ? cause.name : 'unknown' })),
    );
    worker.once('exit', () => end(found('failed', 'checkFailed')));
  });
}
