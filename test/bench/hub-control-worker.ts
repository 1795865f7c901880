import { parentPort, workerData } from 'node:worker_threads';
import type { Notice, PrepareRequest } from '../../app/contract/control-protocol.ts';
import { openBenchControls } from './hub-controls.ts';

// Both embedded controls of some lanes, in a thread of their own: in the field each lane has its own machine, and one lane's
// flush of its file does not hold up another lane.

export type ControlAsk =
  | { readonly id: number; readonly type: 'prepare'; readonly requests: readonly PrepareRequest[] }
  | { readonly id: number; readonly type: 'notify'; readonly notices: readonly Notice[] };

const { folder, holders, pems } = workerData as {
  folder: string;
  holders: number;
  pems: { exit: string; entry: string };
};
const controls = await openBenchControls(folder, holders, pems);
parentPort?.on('message', async (ask: ControlAsk) => {
  try {
    if (ask.type === 'notify') await Promise.all(ask.notices.map((notice) => controls.notify(notice)));
    const answers =
      ask.type === 'prepare'
        ? await Promise.all(ask.requests.map((request) => controls.prepare(request.side, request)))
        : [];
    parentPort?.postMessage({ id: ask.id, answers });
  } catch (cause) {
    parentPort?.postMessage({ id: ask.id, failed: cause instanceof Error ? cause.message : 'unknown' });
  }
});
parentPort?.postMessage({ ready: true });
