/*
 * ONNX Runtime and sharp work on threads of their own and come back into the worker that called them. When that worker
 * has been terminated meanwhile, coming back aborts the whole process: the lane, not just the worker. So a worker may be
 * terminated only while nothing native is under way, and must not begin anything native once it is to end. Both sides see
 * two shared numbers; each side writes its own before it reads the other's, so one of them always notices.
 */
const UNDER_WAY = 0;
const TO_END = 1;

export type GuardCells = Int32Array<SharedArrayBuffer>;

export const newGuardCells = (): GuardCells => new Int32Array(new SharedArrayBuffer(8));

let cells: GuardCells | undefined;

/** Called once by the worker, before it does anything native. Elsewhere (command line, tests) nothing is terminated. */
export function guardNativeCalls(shared: GuardCells): void {
  cells = shared;
}

/** Does `work`, which may enter native code, unless this worker is to end. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  const guard = cells;
  if (!guard) return work();
  Atomics.add(guard, UNDER_WAY, 1);
  try {
    if (Atomics.load(guard, TO_END) === 1) throw new Error('the worker is to end');
    return await work();
  } finally {
    Atomics.sub(guard, UNDER_WAY, 1);
    Atomics.notify(guard, UNDER_WAY);
  }
}

/** The worker shall begin nothing native any more. */
export function askToEnd(guard: GuardCells): void {
  Atomics.store(guard, TO_END, 1);
}

/** After `askToEnd`: may the worker be terminated now? Once true it stays true. */
export const mayTerminate = (guard: GuardCells): boolean => Atomics.load(guard, UNDER_WAY) === 0;

/**
 * For the end of the process, where nothing asynchronous runs any more: blocks until the worker may be terminated, at most
 * `timeoutMs`. Without it a frame that is with the models turns a clean exit into an abort.
 */
export function waitUntilTerminable(guard: GuardCells, timeoutMs: number): void {
  askToEnd(guard);
  const until = performance.now() + timeoutMs;
  for (let left = timeoutMs; left > 0; left = until - performance.now()) {
    const underWay = Atomics.load(guard, UNDER_WAY);
    if (underWay === 0) return;
    Atomics.wait(guard, UNDER_WAY, underWay, left);
  }
}
