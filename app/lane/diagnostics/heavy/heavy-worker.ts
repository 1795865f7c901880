import { parentPort, workerData } from 'node:worker_threads';
import { found } from '../checks/timed.ts';
import { type HeavyTask, runHeavyHere } from './heavy-task.ts';

// One task, one answer, then the thread ends by itself: native code is never cut off in the middle.
const task = workerData as HeavyTask;
try {
  parentPort?.postMessage(await runHeavyHere(task));
} catch (cause) {
  parentPort?.postMessage(found('failed', 'checkFailed', { fault: cause instanceof Error ? cause.name : 'unknown' }));
}
