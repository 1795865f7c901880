import { parentPort, workerData } from 'node:worker_threads';
import type { Notice, PrepareRequest } from '../../app/contract/control-protocol.ts';
import type { Side } from '../../app/contract/crossing.ts';
import { openBenchControl } from './hub-controls.ts';

// One side's embedded control, in a thread of its own: the two sides share nothing, and one side's flush of its file does
// not hold up the other.

/** Goes over the port as JSON: a text is copied once, where an object is cloned member by member. */
export type ControlAsk =
  | { readonly id: number; readonly type: 'prepare'; readonly request: PrepareRequest }
  | { readonly id: number; readonly type: 'notify'; readonly notices: readonly Notice[] };

const { folder, holders, side, pem } = workerData as { folder: string; holders: number; side: Side; pem: string };
const control = await openBenchControl(folder, holders, side, pem);
parentPort?.on('message', async (text: string) => {
  const ask = JSON.parse(text) as ControlAsk;
  try {
    if (ask.type === 'notify') await Promise.all(ask.notices.map((notice) => control.notify(notice)));
    const answer = ask.type === 'prepare' ? await control.prepare(ask.request) : null;
    parentPort?.postMessage(JSON.stringify({ id: ask.id, answer }));
  } catch (cause) {
    const failed = cause instanceof Error ? cause.message : 'unknown';
    parentPort?.postMessage(JSON.stringify({ id: ask.id, failed }));
  }
});
parentPort?.postMessage('ready');
