import { useCallback, useEffect, useRef, useState } from 'react';
import type { SampleFrame } from '../../../contract/diagnostics-actions.ts';
import type { PictureMeasures } from './measure.ts';
import type { FromMeasureWorker, ToMeasureWorker } from './worker-messages.ts';

export type CameraWord = 'off' | 'live' | 'denied' | 'absent' | 'failed';

/** Between two measured pictures: often enough to turn a lens by, seldom enough to leave the lane's models alone. */
const MEASURE_EVERY_MS = 250;

export interface CameraReading extends PictureMeasures {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
}

/** The face camera in this window: its picture, what was measured of it, and a few frames when asked for. */
export function useCamera() {
  const video = useRef<HTMLVideoElement>(null);
  const [wanted, setWanted] = useState(false);
  const [word, setWord] = useState<CameraWord>('off');
  const [reading, setReading] = useState<CameraReading | null>(null);
  const sampling = useRef<{
    readonly wish: number;
    readonly frames: SampleFrame[];
    done: (frames: SampleFrame[]) => void;
  } | null>(null);

  useEffect(() => {
    if (!wanted) return;
    let over = false;
    let stop: () => void = () => {};
    const open = async (): Promise<void> => {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
        });
        const element = video.current;
        if (over || element === null) {
          for (const track of stream.getTracks()) track.stop();
          return;
        }
        element.srcObject = stream;
        await element.play();
        setWord('live');
        const end = measure(element, sampling, setReading);
        stop = () => {
          end();
          for (const track of stream.getTracks()) track.stop();
          element.srcObject = null;
        };
        if (over) stop();
      } catch (error) {
        if (!over) setWord(wordFor(error));
      }
    };
    void open();
    return () => {
      over = true;
      stop();
      setWord('off');
      setReading(null);
    };
  }, [wanted]);

  const sample = useCallback(
    (wish: number) =>
      new Promise<SampleFrame[]>((resolve) => {
        sampling.current = { wish, frames: [], done: resolve };
      }),
    [],
  );
  return { video, word, reading, wanted, setWanted, sample };
}

function wordFor(error: unknown): CameraWord {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'absent' : 'failed';
}

type Sampling = {
  current: { readonly wish: number; readonly frames: SampleFrame[]; done: (frames: SampleFrame[]) => void } | null;
};

/** Sends pictures to the worker one at a time; gives the way to end it. */
function measure(
  element: HTMLVideoElement,
  sampling: Sampling,
  onReading: (reading: CameraReading) => void,
): () => void {
  const worker = new Worker(new URL('./measure-worker.ts', import.meta.url), {
    type: 'module',
    name: 'camera measures',
  });
  let busy = false;
  let before = { frames: element.getVideoPlaybackQuality().totalVideoFrames, atMs: performance.now() };
  let framesPerSecond = 0;
  const timer = setInterval(() => {
    if (busy || element.videoWidth === 0) return;
    busy = true;
    void createImageBitmap(element).then((bitmap) =>
      worker.postMessage({ bitmap, grab: sampling.current !== null } satisfies ToMeasureWorker, [bitmap]),
    );
  }, MEASURE_EVERY_MS);
  worker.addEventListener('message', ({ data: { measures, frame } }: MessageEvent<FromMeasureWorker>) => {
    busy = false;
    const now = { frames: element.getVideoPlaybackQuality().totalVideoFrames, atMs: performance.now() };
    if (now.atMs - before.atMs >= 1_000) {
      framesPerSecond = ((now.frames - before.frames) * 1_000) / (now.atMs - before.atMs);
      before = now;
    }
    onReading({ ...measures, width: element.videoWidth, height: element.videoHeight, framesPerSecond });
    const asked = sampling.current;
    if (asked === null || frame === null) return;
    asked.frames.push(frame);
    if (asked.frames.length < asked.wish) return;
    sampling.current = null;
    asked.done(asked.frames);
  });
  return () => {
    clearInterval(timer);
    worker.terminate();
  };
}
