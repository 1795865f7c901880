import type { Lamp } from '../../../../native-bridge/ports/lane-controller.ts';
import type { CameraMeasures, SampleFrame } from '../../../contract/diagnostics-actions.ts';
import type { BenchParts, TestBoard, TestEnd } from './bench.ts';

/** Of a face camera that compares well: below or above, a technician turns a lamp or a lens. */
const CAMERA_LIMITS = {
  framesPerSecond: 12,
  minBrightness: 50,
  maxBrightness: 205,
  maxClipped: 0.08,
  maxDark: 0.35,
  minSharpness: 20,
} as const;

/** What the window measured, judged. The picture stays in the window. */
function judgeCamera(measures: CameraMeasures): TestEnd {
  const { framesPerSecond, brightness, dark, clipped, sharpness, width, height } = measures;
  const share = (value: number): number => Math.round(value * 1_000) / 10;
  const facts = {
    picture: `${width} x ${height}`,
    framesPerSecond: Math.round(framesPerSecond * 10) / 10,
    brightness: Math.round(brightness),
    darkPercent: share(dark),
    clippedPercent: share(clipped),
    sharpness: Math.round(sharpness),
  };
  const code =
    framesPerSecond < CAMERA_LIMITS.framesPerSecond
      ? 'fewFrames'
      : brightness < CAMERA_LIMITS.minBrightness || dark > CAMERA_LIMITS.maxDark
        ? 'tooDark'
        : brightness > CAMERA_LIMITS.maxBrightness || clipped > CAMERA_LIMITS.maxClipped
          ? 'tooBright'
          : sharpness < CAMERA_LIMITS.minSharpness
            ? 'outOfFocus'
            : null;
  return { outcome: code === null ? 'passed' : 'warning', code, facts };
}

export class SimpleTests {
  readonly #parts: BenchParts;
  readonly #board: TestBoard;

  constructor(parts: BenchParts, board: TestBoard) {
    this.#parts = parts;
    this.#board = board;
  }

  async lamp(door: number, lamp: Lamp, officer: string): Promise<void> {
    const set = await this.#parts.laneController.setLamp(door, lamp);
    await this.#board.end('lamp', officer, {
      outcome: set.ok ? 'passed' : 'failed',
      code: set.ok ? null : set.error.code,
      facts: { door, lamp },
    });
  }

  camera(measures: CameraMeasures, officer: string): Promise<void> {
    return this.#board.end('camera', officer, judgeCamera(measures));
  }

  sound(volume: number, heard: boolean, officer: string): Promise<void> {
    return this.#board.end('sound', officer, {
      outcome: heard ? 'passed' : 'failed',
      code: heard ? null : 'notHeard',
      facts: { volumePercent: Math.round(volume * 100) },
    });
  }

  async pad(frames: readonly SampleFrame[], officer: string): Promise<void> {
    if (!this.#board.begin('pad', 'work')) return;
    const { heavy, modelRoot } = this.#parts;
    const verdict = await heavy({ task: 'pad', modelRoot, frames });
    for (const { data } of frames) data.fill(0);
    await this.#board.end('pad', officer, verdict);
  }

  async models(officer: string): Promise<void> {
    if (!this.#board.begin('models', 'work')) return;
    const { heavy, modelRoot } = this.#parts;
    await this.#board.end('models', officer, await heavy({ task: 'models', modelRoot }));
  }
}
