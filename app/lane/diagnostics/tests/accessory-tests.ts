import type { DeviceError } from '../../../../native-bridge/ports/device-error.ts';
import type { FaceCamera } from '../../../../native-bridge/ports/face-camera.ts';
import type { Lamp } from '../../../../native-bridge/ports/lane-controller.ts';
import type { AccessoryName } from '../../../contract/diagnostics-view.ts';
import type { Result } from '../../../contract/result.ts';
import type { AccessoryHands } from '../../accessory-hands.ts';
import type { TraceFacts } from '../watch/trace.ts';
import type { BenchParts, TestBoard, TestEnd } from './bench.ts';

/**
 * How much brighter the picture has to be with the light at its brightest, grey levels of 255. A camera's own exposure takes back most
 * of what a light gives within a second; what is left is still more than noise and flicker.
 */
export const LEAST_RISE = 4;

export interface AccessoryTestParts extends Pick<BenchParts, 'clock' | 'trace'> {
  readonly hands: AccessoryHands;
  readonly faceCamera: FaceCamera | null;
}

type Answer<T> = Promise<Result<T, DeviceError>>;

const failed = (code: string, facts: TestEnd['facts'] = {}): TestEnd => ({ outcome: 'failed', code, facts });

const endOf = (done: Result<void, DeviceError>, facts: TestEnd['facts']): TestEnd =>
  done.ok ? { outcome: 'passed', code: null, facts } : failed(done.error.code, facts);

/** Of what only some lanes have: lamp, light, mount and depth camera, each tried by itself. None of it opens a door. */
export class AccessoryTests {
  readonly #parts: AccessoryTestParts;
  readonly #board: TestBoard;
  /** Ends a journey of the mount between two moves. */
  #stopped = false;

  constructor(parts: AccessoryTestParts, board: TestBoard) {
    this.#parts = parts;
    this.#board = board;
  }

  async lamp(lamp: Lamp, officer: string): Promise<void> {
    const shown = await this.#told('indicator', 'show', { lamp }, this.#parts.hands.showLamp(lamp));
    await this.#board.end('indicator', officer, endOf(shown, { lamp }));
  }

  async light(percent: number, officer: string): Promise<void> {
    await this.#board.end('light', officer, endOf(await this.#setLight(percent), { percent }));
  }

  /** The window saw the light out and at its brightest: a light that nobody sees points elsewhere, or is another lane's. */
  async lightMeasured(out: number, lit: number, officer: string): Promise<void> {
    const percent = this.#parts.hands.view.light?.percent ?? 0;
    const dark = await this.#setLight(0);
    const facts = { percent, brightnessOut: Math.round(out), brightnessLit: Math.round(lit) };
    const seen = lit - out >= LEAST_RISE;
    const code = seen ? null : 'lightUnseen';
    const end: TestEnd = dark.ok
      ? { outcome: seen ? 'passed' : 'warning', code, facts }
      : failed(dark.error.code, facts);
    await this.#board.end('light', officer, end);
  }

  async tilt(degrees: number, officer: string): Promise<void> {
    if (!this.#board.begin('tilt', 'work')) return;
    await this.#board.end('tilt', officer, endOf(await this.#setTilt(degrees), { degrees }));
  }

  /** To both ends of what the profile says it can do, and home: a mount that is held, or steps otherwise, does not get there. */
  async tiltThrough(officer: string): Promise<void> {
    const range = this.#parts.hands.view.tilt;
    if (range === null) return this.#board.end('tilt', officer, { outcome: 'notFitted', code: null, facts: {} });
    if (!this.#board.begin('tilt', 'work')) return;
    this.#stopped = false;
    const facts: Record<string, number> = {};
    const journey = [
      ['lowestMs', range.lowestDegrees],
      ['highestMs', range.highestDegrees],
      ['homeMs', range.homeDegrees],
    ] as const;
    for (const [name, degrees] of journey) {
      if (this.#stopped) return this.#board.idle();
      const startedAt = this.#parts.clock.monotonicMs();
      const set = await this.#setTilt(degrees);
      if (!set.ok) return this.#board.end('tilt', officer, failed(set.error.code, { ...facts, degrees }));
      facts[name] = Math.round(this.#parts.clock.monotonicMs() - startedAt);
    }
    await this.#board.end('tilt', officer, { outcome: 'passed', code: null, facts });
  }

  /** A technician stands before it, so that it ought to see somebody alive. */
  async faceCamera(officer: string): Promise<void> {
    const { faceCamera, clock } = this.#parts;
    if (faceCamera === null)
      return this.#board.end('faceCamera', officer, { outcome: 'notFitted', code: null, facts: {} });
    if (!this.#board.begin('faceCamera', 'work')) return;
    const startedAt = clock.monotonicMs();
    const looked = await this.#told('faceCamera', 'detectSpoof', {}, faceCamera.detectSpoof());
    const facts = { ms: Math.round(clock.monotonicMs() - startedAt) };
    const end: TestEnd = looked.ok
      ? { outcome: looked.value === 'live' ? 'passed' : 'warning', code: looked.value, facts }
      : failed(looked.error.code, facts);
    await this.#board.end('faceCamera', officer, end);
  }

  /** Nobody answers for the bench any more: everything is the lane's again. */
  giveBack(): void {
    this.#stopped = true;
    this.#parts.hands.giveBack();
  }

  #setLight(percent: number): ReturnType<AccessoryHands['setLight']> {
    return this.#told('cameraLight', 'setLight', { percent }, this.#parts.hands.setLight(percent));
  }

  #setTilt(degrees: number): ReturnType<AccessoryHands['setTilt']> {
    return this.#told('cameraTilt', 'setTilt', { degrees }, this.#parts.hands.setTilt(degrees));
  }

  /** The order stands in the trace with what came of it. */
  async #told<T>(device: AccessoryName, what: string, facts: TraceFacts, answer: Answer<T>): Answer<T> {
    const { clock, trace } = this.#parts;
    const startedAt = clock.monotonicMs();
    const result = await answer;
    const ms = clock.monotonicMs() - startedAt;
    trace.add(device, 'out', what, { ...facts, answer: result.ok ? 'ok' : result.error.code, ms });
    return result;
  }
}
