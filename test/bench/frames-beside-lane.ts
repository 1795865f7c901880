import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play } from '../../app/demo/play.ts';
import { scenarioCalled } from '../../app/demo/scenarios.ts';
import { CaptureDesk } from '../../app/lane/capture-desk.ts';
import { FaceEngine } from '../../models/face/face-engine.ts';

/** A camera of so many frames a second, before a lane whose every other part is at work. */
export interface FramesBesideLane {
  readonly cameraPerSecond: number;
  /** Frames that came while a face was wanted, those of them that the models judged, and those that found no room before them. */
  readonly offered: number;
  readonly analysed: number;
  readonly dropped: number;
  readonly analysedPerSecond: number;
  /** From the frame at the capture desk to its assessment, the wait for the portrait and for its turn included. Milliseconds. */
  readonly medianMs: number;
  /** Crossings that ended otherwise than they should: not with a machine that has its cores for itself. */
  readonly otherwise: number;
}

/**
 * Crossings of somebody who is not on the document: the longest captures there are with a face in every frame, because the lane looks
 * on for its least time before it says so. Doors, controls and record are the product's own and at work meanwhile. Frames are
 * counted at the doors of capture desk and engine; nothing of the lane is changed.
 */
export async function framesBesideLane(cameraPerSecond: number, crossings: number): Promise<FramesBesideLane> {
  const scenario = scenarioCalled('impostor');
  if (scenario === null) throw new Error('no scenario impostor');
  const { frame, start, release } = CaptureDesk.prototype;
  const { assess } = FaceEngine.prototype;
  let wanted = false;
  let since = 0;
  let wantedMs = 0;
  let offered = 0;
  let dropped = 0;
  let otherwise = 0;
  const taken: number[] = [];
  const stop = (): void => {
    if (wanted) wantedMs += performance.now() - since;
    wanted = false;
  };
  CaptureDesk.prototype.start = function (listener) {
    wanted = true;
    since = performance.now();
    const onEnd: typeof listener.onEnd = (end) => {
      stop();
      listener.onEnd(end);
    };
    return start.call(this, { onHint: (hint) => listener.onHint(hint), onEnd });
  };
  CaptureDesk.prototype.release = function () {
    stop();
    release.call(this);
  };
  CaptureDesk.prototype.frame = function (camera) {
    if (!wanted) return frame.call(this, camera);
    offered += 1;
    dropped += 1;
    return frame.call(this, camera);
  };
  FaceEngine.prototype.assess = async function (id, camera) {
    if (wanted) dropped -= 1;
    const before = performance.now();
    const assessed = await assess.call(this, id, camera);
    if (assessed.ok && wanted) taken.push(performance.now() - before);
    return assessed;
  };
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-bench-'));
  try {
    const frameEveryMs = 1000 / cameraPerSecond;
    const onCrossing = (): void => undefined;
    const played = await play({ folder, topology: 'threeDoor', scenario, crossings, frameEveryMs, onCrossing });
    otherwise = played.filter(({ asExpected }) => !asExpected).length;
  } finally {
    Object.assign(CaptureDesk.prototype, { frame, start, release });
    FaceEngine.prototype.assess = assess;
    rmSync(folder, { recursive: true, force: true });
  }
  const analysed = taken.length;
  return {
    cameraPerSecond,
    offered,
    analysed,
    dropped,
    analysedPerSecond: (1000 * analysed) / wantedMs,
    medianMs: [...taken].sort((a, b) => a - b)[analysed >> 1] ?? Number.NaN,
    otherwise,
  };
}
