import type { CameraFrame, CameraMode } from '../../../contract/traveller-view.ts';
import { FRAMES_PER_SECOND } from './frame-pacer.ts';
import type { FromFrameWorker, ToFrameWorker } from './worker-messages.ts';

/** Chromium (since 94) has this in windows; the DOM types do not know it. */
declare class MediaStreamTrackProcessor {
  constructor(options: { track: MediaStreamTrack; maxBufferSize: number });
  readonly readable: ReadableStream<VideoFrame>;
}

/** Sends the frames of a camera track to the lane until the track is stopped. */
export interface FramePump {
  /** Un-mirrored RGBA frames, 640x480 unless the camera has other ideas. `onFailed` is called at most once a start. */
  start(track: MediaStreamTrack, onFailed: () => void): void;
  /** How many of the frames are sent from now on. */
  pace(mode: Exclude<CameraMode, 'off'>): void;
}

/** A pump with one worker for the life of the page. `send` hands a frame over and does not wait for it to arrive. */
export function createFramePump(send: (frame: CameraFrame) => void): FramePump {
  const worker = new Worker(new URL('./frame-worker.ts', import.meta.url), { type: 'module', name: 'camera frames' });
  const post = (message: ToFrameWorker, transfer: Transferable[]): void => worker.postMessage(message, transfer);
  let failed: () => void = () => {};

  worker.addEventListener('message', ({ data: message }: MessageEvent<FromFrameWorker>) => {
    if (message.type === 'failed') {
      reportError(new Error(`camera frames: ${message.message}`));
      failed();
      return;
    }
    send(message);
    post({ type: 'next' }, []);
  });
  worker.addEventListener('error', () => failed());

  return {
    pace: (mode) => post({ type: 'pace', framesPerSecond: FRAMES_PER_SECOND[mode] }, []),
    start(track, onFailed) {
      failed = onFailed;
      const { readable } = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 });
      post({ type: 'start', frames: readable, windowTimeOrigin: performance.timeOrigin }, [readable]);
    },
  };
}
