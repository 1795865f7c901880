import { describe, expect, it } from 'vitest';
import { FRAMES_PER_SECOND, FramePacer } from './frame-pacer.ts';

const takenInOneSecond = (cameraFps: number, fromMs = 0, pacer = new FramePacer(FRAMES_PER_SECOND.capture)) => {
  const times = Array.from({ length: cameraFps }, (_, i) => fromMs + (i * 1000) / cameraFps);
  return times.filter((time) => pacer.take(time)).length;
};

describe('frame pacer', () => {
  it('sends 20 of the 30 or 60 frames a camera makes, and all frames of a slow camera', () => {
    expect(takenInOneSecond(30)).toBeGreaterThanOrEqual(20);
    expect(takenInOneSecond(30)).toBeLessThanOrEqual(22);
    expect(takenInOneSecond(60)).toBeLessThanOrEqual(22);
    expect(takenInOneSecond(15)).toBe(15);
  });

  it('sends five a second while nobody is there, and the next frame at once when somebody has come', () => {
    const pacer = new FramePacer(FRAMES_PER_SECOND.watch);
    expect(takenInOneSecond(30, 0, pacer)).toBeLessThanOrEqual(7);
    let nowMs = 1_000;
    while (pacer.take(nowMs)) nowMs += 10;
    expect(nowMs).toBeLessThan(1_100);
    pacer.pace(FRAMES_PER_SECOND.capture);
    expect(pacer.take(nowMs)).toBe(true);
    expect(takenInOneSecond(30, nowMs + 50, pacer)).toBeGreaterThanOrEqual(20);
  });

  it('does not burst after a pause', () => {
    const pacer = new FramePacer(FRAMES_PER_SECOND.capture);
    takenInOneSecond(30, 0, pacer);
    expect(takenInOneSecond(60, 60_000, pacer)).toBeLessThanOrEqual(22);
  });
});
