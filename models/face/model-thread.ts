import { parentPort, workerData } from 'node:worker_threads';
import { ok } from '../../app/contract/result.ts';
import { type Inference, inputLength, openInference } from './model-session.ts';
import type { ThreadAnswer, ThreadOptions, ThreadRequest } from './models-beside.ts';
import { guardNativeCalls } from './native-guard.ts';

// Models that run beside the others. Started by models-beside.ts only; ends when it is told to or with the thread that started it.
if (!parentPort) throw new Error('model-thread runs as a worker thread');
const port = parentPort;
const send = (answer: ThreadAnswer): void => port.postMessage(answer);

interface Opened {
  /** What the other thread fills, and the tensor it is copied to for the time of one run. */
  readonly shared: Float32Array;
  readonly input: Float32Array;
  readonly inference: Inference;
}

const { models, modelRoot, threads, guard } = workerData as ThreadOptions;
guardNativeCalls(guard);
const opened: Opened[] = [];
await open();

async function open(): Promise<void> {
  for (const { model, input: shared } of models) {
    const input = new Float32Array(inputLength(model));
    const inference = await openInference(model, modelRoot, threads, input);
    if (!inference.ok) {
      send({ type: 'started', result: inference });
      return release();
    }
    opened.push({ shared, input, inference: inference.value });
  }
  // One run at a time, in the order they were asked for.
  let queue: Promise<void> = Promise.resolve();
  port.on('message', (request: ThreadRequest) => {
    queue = queue.then(() => (request.type === 'end' ? end() : answer(request.id, opened[request.model])));
  });
  send({ type: 'started', result: ok() });
}

async function answer(id: number, model: Opened | undefined): Promise<void> {
  try {
    if (!model) throw new Error('no such model on this thread');
    model.input.set(model.shared);
    send({ type: 'outputs', id, outputs: await model.inference.run() });
  } catch (error) {
    send({ type: 'failed', id, detail: (error as Error).message.slice(0, 200) });
  } finally {
    model?.input.fill(0);
  }
}

async function end(): Promise<void> {
  await release();
  port.close();
}

/** Models hold memory that ending the thread alone would not give back. */
async function release(): Promise<void> {
  for (const { inference } of opened) await inference.release();
}
