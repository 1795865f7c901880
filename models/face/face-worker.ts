import { availableParallelism } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { err, ok, type Result } from '../../app/contract/result.ts';
import { Captures } from './captures.ts';
import { guardNativeCalls } from './native-guard.ts';
import { closePipeline, openPipeline } from './pipeline.ts';
import {
  END_REQUEST,
  type FaceError,
  type WorkerCall,
  type WorkerMessage,
  type WorkerOptions,
  type WorkerRequest,
} from './worker-messages.ts';

// ONNX and pixels, away from the lane's event loop. Started by face-engine.ts only.
if (!parentPort) throw new Error('face-worker runs as a worker thread');
const port = parentPort;
const send = (message: WorkerMessage): void => port.postMessage(message);

/** Captures whose release waits its turn: no model looks at the frames before it, which would only keep the next one waiting. */
const leaving: string[] = [];
const startedAt = performance.now();
const options = workerData as WorkerOptions;
guardNativeCalls(options.guard);
const opened = await openPipeline(availableParallelism() > 1 ? { ...options, beside: options.guard } : options);
if (opened.ok) {
  const captures = new Captures(opened.value);
  // Sessions keep their input tensors, so one request is done at a time, in the order they came.
  let queue: Promise<void> = Promise.resolve();
  port.on('message', (request: WorkerRequest | typeof END_REQUEST) => {
    if (request === END_REQUEST) {
      // Models hold memory that ending the thread alone would not give back.
      void queue.then(() => closePipeline(opened.value)).then(() => port.close());
      return;
    }
    if (request.call.type === 'release') leaving.push(request.call.captureId);
    queue = queue.then(async () => {
      send({ type: 'answer', id: request.id, result: await answer(captures, request.call) });
    });
  });
  send({ type: 'started', result: ok({ loadMs: performance.now() - startedAt }) });
} else {
  send({ type: 'started', result: opened });
}

async function answer(captures: Captures, call: WorkerCall): Promise<Result<unknown, FaceError>> {
  try {
    if (call.type === 'setReference') return await captures.setReference(call.captureId, call.image);
    if (call.type === 'assess') {
      if (!leaving.includes(call.captureId)) return await captures.assess(call.captureId, call.frame);
      call.frame.data.fill(0);
      return err({ code: 'referenceMissing' });
    }
    leaving.splice(leaving.indexOf(call.captureId), 1);
    captures.release(call.captureId);
    return ok(undefined);
  } catch (error) {
    // A bug or a failed model run: said once with its words, which hold no pixels; the next request is served.
    return err({ code: 'engineFailed', detail: (error as Error).message.slice(0, 200) });
  }
}
