import { Worker } from 'node:worker_threads';
import type { ControlAnswer, Notice, PrepareRequest } from '../../app/contract/control-protocol.ts';
import { SIDES, type Side } from '../../app/contract/crossing.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import type { ControlKeys } from '../../app/record/clearance-check.ts';
import type { ControlAsk } from './hub-control-worker.ts';

type NewAsk = ControlAsk extends infer A ? (A extends ControlAsk ? Omit<A, 'id'> : never) : never;
interface Reply {
  readonly id: number;
  readonly answer: ControlAnswer | null;
  readonly failed?: string;
}

export interface ControlPool {
  readonly keys: ControlKeys;
  /** One side's answer. */
  prepare(request: PrepareRequest): Promise<ControlAnswer>;
  /** Tells each side its own. */
  notify(notices: readonly Notice[]): Promise<void>;
  /** Processor time of both their threads so far. */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
}

/** The port's two embedded controls, each with a file and a thread of its own. */
export async function openControlPool(folder: string, holders: number): Promise<ControlPool> {
  const keys = { exit: createSigningKey(), entry: createSigningKey() };
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  const open = (side: Side): Promise<Worker> => {
    const workerData = { folder, holders, side, pem: keys[side].pem };
    const worker = new Worker(new URL('./hub-control-worker.ts', import.meta.url), { workerData });
    return new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('message', () => {
        worker.on('message', (text: string) => {
          const reply = JSON.parse(text) as Reply;
          waiting.get(reply.id)?.(reply);
          waiting.delete(reply.id);
        });
        resolve(worker);
      });
    });
  };
  const [exit, entry] = await Promise.all([open('exit'), open('entry')]);
  const workers = { exit, entry };
  const ask = (side: Side, what: NewAsk): Promise<Reply> => {
    last += 1;
    const id = last;
    const answered = new Promise<Reply>((resolve, reject) => {
      waiting.set(id, (reply) => (reply.failed === undefined ? resolve(reply) : reject(new Error(reply.failed))));
    });
    workers[side].postMessage(JSON.stringify({ id, ...what }));
    return answered;
  };
  const publicKey = ({ key }: typeof keys.exit) => [{ keyId: key.keyId, raw: key.publicKeyRaw }];
  return {
    keys: { exit: publicKey(keys.exit), entry: publicKey(keys.entry) },
    prepare: async (request) => {
      const { answer } = await ask(request.side, { type: 'prepare', request });
      if (answer === null) throw new Error('a control gave no answer');
      return answer;
    },
    notify: async (notices) => {
      const told = SIDES.map((side) => {
        const own = notices.filter((notice) => notice.side === side);
        return own.length === 0 ? null : ask(side, { type: 'notify', notices: own });
      });
      await Promise.all(told);
    },
    cpuMs: async () => {
      const each = await Promise.all([exit, entry].map((worker) => worker.cpuUsage()));
      return each.reduce((total, { user, system }) => total + (user + system) / 1000, 0);
    },
    close: async () => {
      await Promise.all([exit.terminate(), entry.terminate()]);
    },
  };
}
