/** To the worker: frames of a new camera track, and "the last frame is on its way, make the next", and how many a second are wanted. */
export type ToFrameWorker =
  | { readonly type: 'start'; readonly frames: ReadableStream<VideoFrame>; readonly windowTimeOrigin: number }
  | { readonly type: 'next' }
  | { readonly type: 'pace'; readonly framesPerSecond: number };

/** From the worker: one frame at a time, or the reason why there are none. */
export type FromFrameWorker =
  | {
      readonly type: 'frame';
      readonly width: number;
      readonly height: number;
      readonly capturedAtMs: number;
      readonly data: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'failed'; readonly message: string };
