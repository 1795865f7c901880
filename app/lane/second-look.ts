import type { DeviceProfile } from '../../native-bridge/devices/device-profile.ts';
import type { FaceCamera, SpoofVerdict } from '../../native-bridge/ports/face-camera.ts';
import type { Check } from '../contract/crossing.ts';
import type { CaptureHint } from '../contract/traveller-view.ts';
import type { HearResult } from './accessory-trouble.ts';
import type { CaptureDesk, CaptureEnd, CaptureListener, FaceCapture } from './capture-desk.ts';
import type { Clock } from './clock.ts';
import { DepthHints } from './depth-hints.ts';

export interface SecondLookOptions {
  readonly desk: CaptureDesk;
  readonly camera: FaceCamera;
  /** What a match is worth that the camera gave no verdict on: see the lane profile. */
  readonly verdict: 'required' | 'advisory';
  readonly clock: Clock;
  /** A hint of the camera's stays at least so long, as one of our own models' does. Milliseconds. */
  readonly hintHoldMs: number;
  /** How each look came out, whether the camera answered or not. */
  readonly hear: HearResult;
}

/** A verdict that is older than this when our own models are sure may be of somebody who has stepped aside since. Milliseconds. */
export const FRESH_MS = 2_000;
/** How long a match waits for its verdict: the camera needs about a second a look. Milliseconds. */
export const ANSWER_MS = 4_000;
const AGAIN_MS = 200;

/** The desk itself where no such camera is fitted. */
export function withSecondLook(
  desk: CaptureDesk,
  camera: FaceCamera | null,
  { faceCamera: fitted }: Pick<DeviceProfile, 'faceCamera'>,
  clock: Clock,
  hintHoldMs: number,
  hear: HearResult,
): FaceCapture {
  if (camera === null || fitted == null) return desk;
  // Of a camera that has to answer, each missing answer is a referral, and told as such.
  const told: HearResult = fitted.verdict === 'required' ? () => undefined : hear;
  return new SecondLook({ desk, camera, verdict: fitted.verdict, clock, hintHoldMs, hear: told });
}

interface Watch {
  readonly listener: CaptureListener;
  /** When the last look ended that saw a living face. */
  liveAtMs: number | null;
  /** What the last look gave; null: no answer. */
  last: SpoofVerdict | null;
  /** Our own models are sure, and wait. */
  matched: Extract<CaptureEnd, { type: 'matched' }> | null;
  looking: boolean;
  /** What our own models ask of the traveller. */
  own: CaptureHint | null;
  readonly depth: DepthHints;
  shown: CaptureHint | null;
  stop: () => void;
}

/**
 * A capture with a second opinion: a camera with its own depth looks at whoever stands there while our own models do (decision
 * 0025). An attack it sees ends the capture as one that our models see; a match counts with its fresh verdict only, or, where the
 * profile says `advisory`, goes on without one and says so in the check.
 */
export class SecondLook implements FaceCapture {
  readonly #options: SecondLookOptions;
  #watch: Watch | null = null;
  #endHints: () => void = () => undefined;

  constructor(options: SecondLookOptions) {
    this.#options = options;
  }

  get notCompared(): CaptureDesk['notCompared'] {
    return this.#options.desk.notCompared;
  }

  prepare(id: string, portrait: Uint8Array): void {
    this.#options.desk.prepare(id, portrait);
  }

  async start(listener: CaptureListener): Promise<void> {
    this.#forget();
    const watch: Watch = {
      listener,
      liveAtMs: null,
      last: null,
      matched: null,
      looking: false,
      own: null,
      depth: new DepthHints(this.#options.hintHoldMs),
      shown: null,
      stop: () => undefined,
    };
    this.#watch = watch;
    this.#endHints = this.#options.camera.subscribe((event) => {
      if (event.type !== 'hint') return;
      watch.depth.heard(event.advice, this.#options.clock.monotonicMs());
      this.#show(watch);
    });
    void this.#look(watch);
    await this.#options.desk.start({
      onHint: (hint) => {
        watch.own = hint;
        this.#show(watch);
      },
      onEnd: (end) => this.#ended(watch, end),
    });
  }

  frame: FaceCapture['frame'] = (frame) => this.#options.desk.frame(frame);
  cameraState: FaceCapture['cameraState'] = (state) => this.#options.desk.cameraState(state);

  release(): void {
    this.#forget();
    this.#options.desk.release();
  }

  /** One look after the other until one has seen a living face, or an attack. */
  async #look(watch: Watch): Promise<void> {
    if (watch.looking) return;
    watch.looking = true;
    const { camera, hear, clock } = this.#options;
    for (;;) {
      watch.depth.lookBegins();
      const looked = await camera.detectSpoof();
      if (this.#watch !== watch) return;
      hear(looked);
      watch.last = looked.ok ? looked.value : null;
      watch.depth.lookEnded(watch.last);
      this.#show(watch);
      if (watch.last === 'live' || watch.last === 'spoof') break;
      await new Promise<void>((resolve) => void clock.after(AGAIN_MS, resolve));
      if (this.#watch !== watch) return;
    }
    watch.looking = false;
    if (watch.last === 'spoof') this.#sawAttack(watch);
    else watch.liveAtMs = clock.monotonicMs();
    if (watch.last === 'live' && watch.matched !== null)
      this.#tell(watch, withReason(watch.matched, 'depthCameraLive'));
  }

  #sawAttack(watch: Watch): void {
    // While the desk still looks, it ends by itself and shows officers what it saw.
    if (watch.matched === null) this.#options.desk.refuse('spoofSuspected', 'presentationAttack', 'depthCameraSpoof');
    else this.#tell(watch, notAccepted('spoofSuspected', 'failed', 'depthCameraSpoof'));
  }

  /** Our own models' hint first; the camera's where they have nothing to ask for, or have seen all they need. */
  #show(watch: Watch): void {
    if (this.#watch !== watch) return;
    const shown = watch.matched === null ? (watch.own ?? watch.depth.hint) : (watch.depth.hint ?? 'holdStill');
    if (shown === watch.shown) return;
    watch.shown = shown;
    watch.listener.onHint(shown);
  }

  #ended(watch: Watch, end: CaptureEnd): void {
    if (this.#watch !== watch) return;
    const { clock, verdict, camera } = this.#options;
    const isFresh = watch.liveAtMs !== null && clock.monotonicMs() - watch.liveAtMs <= FRESH_MS;
    if (end.type === 'notAccepted') this.#tell(watch, end);
    else if (isFresh) this.#tell(watch, withReason(end, 'depthCameraLive'));
    // Nobody waits for advice from a camera that is not there.
    else if (verdict === 'advisory' && !camera.ready) this.#tell(watch, withReason(end, 'depthCameraSilent'));
    else this.#await(watch, end);
  }

  #await(watch: Watch, end: Extract<CaptureEnd, { type: 'matched' }>): void {
    watch.matched = end;
    watch.last = null;
    this.#show(watch);
    watch.stop = this.#options.clock.after(ANSWER_MS, () => this.#unanswered(watch, end));
    void this.#look(watch);
  }

  #unanswered(watch: Watch, end: Extract<CaptureEnd, { type: 'matched' }>): void {
    const saysNobody = watch.last === 'noFace';
    const reason = saysNobody ? 'depthCameraNoFace' : 'depthCameraSilent';
    const goesOn = this.#options.verdict === 'advisory';
    this.#tell(
      watch,
      goesOn ? withReason(end, reason) : notAccepted(saysNobody ? 'noFace' : 'deviceFault', 'notDone', reason),
    );
  }

  /** Once: whatever comes afterwards belongs to nobody. */
  #tell(watch: Watch, end: CaptureEnd): void {
    if (this.#watch !== watch) return;
    this.#forget();
    watch.listener.onEnd(end);
  }

  #forget(): void {
    this.#endHints();
    this.#watch?.stop();
    this.#watch = null;
  }
}

/** The check stays our own models' word; what the second camera said stands beside it. */
function withReason(end: Extract<CaptureEnd, { type: 'matched' }>, said: string): CaptureEnd {
  const checks = end.checks.map((check): Check => {
    if (check.id !== 'presentationAttack') return check;
    return { ...check, reason: check.reason === null ? said : `${check.reason} ${said}` };
  });
  return { ...end, checks };
}

function notAccepted(
  code: Extract<CaptureEnd, { type: 'notAccepted' }>['code'],
  outcome: Check['outcome'],
  reason: string,
): CaptureEnd {
  return { type: 'notAccepted', code, checks: [{ id: 'presentationAttack', outcome, reason }] };
}
