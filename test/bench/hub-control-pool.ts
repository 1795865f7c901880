import { Worker } from 'node:worker_threads';
import type { ControlAnswer, Notice, PrepareRequest } from '../../app/contract/control-protocol.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import type { ControlKeys } from '../../app/record/clearance-check.ts';
import type { ControlAsk } from './hub-control-worker.ts';

type NewAsk = ControlAsk extends infer A ? (A extends ControlAsk ? Omit<A, 'id'> : never) : never;
interface Reply {
  readonly id: number;
  readonly answers: readonly ControlAnswer[];
  readonly failed?: string;
}

export interface ControlPool {
  readonly keys: ControlKeys;
  /** The exit side's and the entry side's answer, from the lane's own pair of controls. */
  prepare(lane: number, requests: readonly PrepareRequest[]): Promise<readonly ControlAnswer[]>;
  notify(lane: number, notices: readonly Notice[]): Promise<void>;
  /** Processor time of all their threads so far. */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
}

/** `pairs` pairs of embedded controls, each pair with files and a thread of its own; lane n is served by pair n mod `pairs`. */
export async function openControlPool(folder: string, holders: number, pairs: number): Promise<ControlPool> {
  const exit = createSigningKey();
  const entry = createSigningKey();
  const workers = await Promise.all(
    Array.from({ length: pairs }, () => {
      const workerData = { folder, holders, pems: { exit: exit.pem, entry: entry.pem } };
      const worker = new Worker(new URL('./hub-control-worker.ts', import.meta.url), { workerData });
      return new Promise<Worker>((resolve, reject) => {
        worker.once('message', () => resolve(worker));
        worker.once('error', reject);
      });
    }),
  );
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  for (const worker of workers) {
    worker.on('message', (reply: Reply) => {
      waiting.get(reply.id)?.(reply);
      waiting.delete(reply.id);
    });
  }
  const ask = (lane: number, what: NewAsk): Promise<Reply> => {
    last += 1;
    const id = last;
    const answered = new Promise<Reply>((resolve, reject) => {
      waiting.set(id, (reply) => (reply.failed === undefined ? resolve(reply) : reject(new Error(reply.failed))));
    });
    workers[lane % pairs]?.postMessage({ id, ...what });
    return answered;
  };
  const publicKey = ({ key }: typeof exit) => [{ keyId: key.keyId, raw: key.publicKeyRaw }];
  return {
    keys: { exit: publicKey(exit), entry: publicKey(entry) },
    prepare: async (lane, requests) => (await ask(lane, { type: 'prepare', requests })).answers,
    notify: async (lane, notices) => void (await ask(lane, { type: 'notify', notices })),
    cpuMs: async () => {
      const each = await Promise.all(workers.map((worker) => worker.cpuUsage()));
      return each.reduce((total, { user, system }) => total + (user + system) / 1000, 0);
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
