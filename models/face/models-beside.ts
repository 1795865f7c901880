import { Worker } from 'node:worker_threads';
import { err, ok, type Result } from '../../app/contract/result.ts';
import type { ModelEntry } from '../manifest.ts';
import { inputLength, type ModelLoadError, type ModelOutputs, type ModelSession, sessionOf } from './model-session.ts';
import type { GuardCells } from './native-guard.ts';

/*
 * ONNX Runtime computes on the thread that calls it, and small models gain nothing from more threads inside one run. Models that
 * need nothing of each other can run at the same time on two threads all the same: these run on the second one. Crops go there
 * through shared memory, numbers come back.
 */

export interface ThreadOptions {
  readonly models: readonly { readonly model: ModelEntry; readonly input: Float32Array }[];
  readonly modelRoot: string;
  readonly threads: number;
  readonly guard: GuardCells;
}

export type ThreadRequest =
  | { readonly type: 'run'; readonly id: number; readonly model: number }
  | { readonly type: 'end' };

export type ThreadAnswer =
  | { readonly type: 'started'; readonly result: Result<void, ModelLoadError> }
  | { readonly type: 'outputs'; readonly id: number; readonly outputs: ModelOutputs }
  | { readonly type: 'failed'; readonly id: number; readonly detail: string };

interface Waiting {
  readonly resolve: (outputs: ModelOutputs) => void;
  readonly reject: (error: Error) => void;
}

const THREAD_URL = new URL(
  import.meta.url.endsWith('.ts') ? './model-thread.ts' : './model-thread.js',
  import.meta.url,
);

/**
 * Opens models on a second thread, in the order given. `guard` is that of the calling thread: neither of the two may be ended
 * while native code is under way on one of them. A second thread that dies takes the calling one with it, so that whoever runs that
 * one starts both anew. `threadUrl`: where the second thread's code is; for tests.
 */
export async function openBeside<const M extends readonly ModelEntry[]>(
  models: M,
  modelRoot: string,
  threads: number,
  guard: GuardCells,
  threadUrl = THREAD_URL,
): Promise<Result<{ readonly [K in keyof M]: ModelSession<M[K]> }, ModelLoadError>> {
  const inputs = models.map(
    (model) => new Float32Array(new SharedArrayBuffer(inputLength(model) * Float32Array.BYTES_PER_ELEMENT)),
  );
  const entries = models.map((model, index) => ({ model, input: inputs[index]! }));
  const thread = new Worker(threadUrl, {
    workerData: { models: entries, modelRoot, threads, guard } satisfies ThreadOptions,
    name: 'face-models',
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const started = await untilStarted(thread, waiting);
  if (!started.ok) {
    await ended;
    return started;
  }
  let nextId = 1;
  const run = (model: number): Promise<ModelOutputs> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      thread.postMessage({ type: 'run', id, model } satisfies ThreadRequest);
    });
  let ending = false;
  thread.once('exit', (code) => {
    if (!ending) throw new Error(`the thread of the models beside ended with ${code}`);
  });
  const end = (): Promise<void> => {
    if (!ending) thread.postMessage({ type: 'end' } satisfies ThreadRequest);
    ending = true;
    return ended;
  };
  const sessions = entries.map(({ model, input }, index) =>
    sessionOf(model, input, { run: () => run(index), release: end }),
  );
  // One session for each entry, in its order: what the mapped type says.
  return ok(sessions as unknown as { readonly [K in keyof M]: ModelSession<M[K]> });
}

function untilStarted(thread: Worker, waiting: Map<number, Waiting>): Promise<Result<void, ModelLoadError>> {
  return new Promise((resolve) => {
    thread.on('message', (answer: ThreadAnswer) => {
      if (answer.type === 'started') return resolve(answer.result);
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.type === 'outputs') asked?.resolve(answer.outputs);
      else asked?.reject(new Error(answer.detail));
    });
    // Not caught: whoever runs this thread hears of it and starts both anew.
    thread.on('error', (error) => {
      throw error;
    });
    thread.on('exit', () => resolve(err({ code: 'modelUnusable', model: 'all', detail: 'their thread ended' })));
  });
}
