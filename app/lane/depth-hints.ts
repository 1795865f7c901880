import type { FaceCameraAdvice, SpoofVerdict } from '../../native-bridge/ports/face-camera.ts';
import type { CaptureHint } from '../contract/traveller-view.ts';

/** What the camera asks of the traveller, in the words that our own models use. */
const HINT_OF: Readonly<Record<FaceCameraAdvice, CaptureHint>> = {
  tooFar: 'comeCloser',
  tooClose: 'stepBack',
  offCentre: 'lookHere',
  turnedAway: 'lookHere',
  sunglasses: 'takeOffSunglasses',
  mask: 'uncoverFace',
};

/** A depth camera says where somebody stands with every picture it takes: what it asks stays long enough to be done. */
export class DepthHints {
  readonly #holdMs: number;
  #hint: CaptureHint | null = null;
  #sinceMs = Number.NEGATIVE_INFINITY;
  #askedInThisLook = false;

  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  /** What it asks for now. */
  get hint(): CaptureHint | null {
    return this.#hint;
  }

  lookBegins(): void {
    this.#askedInThisLook = false;
  }

  heard(advice: FaceCameraAdvice | null, atMs: number): void {
    if (advice === null) return;
    this.#askedInThisLook = true;
    const hint = HINT_OF[advice];
    if (hint === this.#hint || (this.#hint !== null && atMs - this.#sinceMs < this.#holdMs)) return;
    this.#hint = hint;
    this.#sinceMs = atMs;
  }

  /** It could judge, or it saw nobody whom it could have asked for anything, or it is gone: then there is nothing to do for it. */
  lookEnded(verdict: SpoofVerdict | null): void {
    if (verdict !== 'noFace' || !this.#askedInThisLook) this.#hint = null;
  }
}
