import { FRAMES_PER_SECOND, FramePacer } from './frame-pacer.ts';
import { Turnstile } from './turnstile.ts';
import type { FromFrameWorker, ToFrameWorker } from './worker-messages.ts';

/**
 * Turns camera frames into RGBA bytes off the main thread. It makes the next frame only when the window has sent the last one:
 * there is never more than one in the air, and what the camera makes meanwhile is dropped by the track's own one-frame buffer.
 */
const MAX_SIDE_PX = 1280;
// A worker's global scope; the project's types are those of a window.
const scope = globalThis as unknown as {
  postMessage(message: FromFrameWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToFrameWorker>) => void): void;
};
const canvas = new OffscreenCanvas(640, 480);
// Frames are read back at once: a canvas in main memory is faster than one on the GPU.
const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
const turnstile = new Turnstile();
const pacer = new FramePacer(FRAMES_PER_SECOND.watch);

function toRgba(frame: VideoFrame): { width: number; height: number; data: Uint8Array<ArrayBuffer> } {
  if (context === null) throw new Error('no 2d context for an offscreen canvas');
  const scale = Math.min(1, MAX_SIDE_PX / Math.max(frame.displayWidth, frame.displayHeight));
  const width = Math.round(frame.displayWidth * scale);
  const height = Math.round(frame.displayHeight * scale);
  // Setting a canvas size clears and reallocates it, so only when it changes.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(frame, 0, 0, width, height);
  return { width, height, data: new Uint8Array(context.getImageData(0, 0, width, height).data.buffer) };
}

async function pump(frames: ReadableStream<VideoFrame>, windowTimeOrigin: number): Promise<void> {
  const reader = frames.getReader();
  for (;;) {
    const { done, value: frame } = await reader.read();
    if (done) return;
    const now = performance.now();
    if (!pacer.take(now)) {
      frame.close();
      continue;
    }
    const capturedAtMs = now + performance.timeOrigin - windowTimeOrigin;
    const rgba = toRgba(frame);
    // An open frame keeps a buffer of the camera; a camera has only a few.
    frame.close();
    const sent = turnstile.wait();
    scope.postMessage({ type: 'frame', ...rgba, capturedAtMs: Math.max(0, capturedAtMs) }, [rgba.data.buffer]);
    await sent;
  }
}

scope.addEventListener('message', ({ data: message }) => {
  if (message.type === 'next') return turnstile.letOne();
  if (message.type === 'pace') return pacer.pace(message.framesPerSecond);
  pump(message.frames, message.windowTimeOrigin).catch((error: unknown) => {
    scope.postMessage({ type: 'failed', message: String(error) }, []);
  });
});
