import { parentPort } from 'node:worker_threads';
import type { CameraOrder, CameraReply } from './camera-files.ts';
import { writeCameraFile } from './specimens/specimens.ts';

/** Renders camera files away from the thread that plays the devices: a device that pauses for a second is a lost device. */
parentPort?.on('message', ({ id, path, scene }: CameraOrder) => {
  writeCameraFile(path, scene).then(
    () => parentPort?.postMessage({ id, problem: null } satisfies CameraReply),
    (error: unknown) =>
      parentPort?.postMessage({
        id,
        problem: error instanceof Error ? error.message : String(error),
      } satisfies CameraReply),
  );
});
