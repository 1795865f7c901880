import { measurePicture } from './measure.ts';
import type { FromMeasureWorker, ToMeasureWorker } from './worker-messages.ts';

/** Pictures are drawn small and measured here, off the window's own thread, and are gone with the next one. */
const MEASURED_WIDTH = 320;
const SAMPLE_WIDTH = 640;

const scope = globalThis as unknown as {
  postMessage(message: FromMeasureWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToMeasureWorker>) => void): void;
};

function draw(bitmap: ImageBitmap, wish: number): ImageData {
  const width = Math.min(wish, bitmap.width);
  const height = Math.max(1, Math.round((bitmap.height * width) / bitmap.width));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
  if (context === null) throw new Error('no 2d context for an offscreen canvas');
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

scope.addEventListener('message', ({ data: { bitmap, grab } }) => {
  const small = draw(bitmap, MEASURED_WIDTH);
  const sample = grab ? draw(bitmap, SAMPLE_WIDTH) : null;
  bitmap.close();
  const measures = measurePicture(small.data, small.width, small.height);
  if (sample === null) return scope.postMessage({ measures, frame: null }, []);
  const data = new Uint8Array(sample.data.buffer);
  scope.postMessage({ measures, frame: { width: sample.width, height: sample.height, data } }, [data.buffer]);
});
