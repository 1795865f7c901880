import type { Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

export type SpoofVerdict = 'live' | 'spoof' | 'noFace';

/** Why it can't judge whoever stands there yet. */
export type FaceCameraAdvice = 'tooFar' | 'tooClose' | 'offCentre' | 'turnedAway' | 'sunglasses' | 'mask';

/** Said while it looks. */
export interface FaceCameraHint {
  readonly type: 'hint';
  /** Null: a code that asks nothing of the traveller. */
  readonly advice: FaceCameraAdvice | null;
  /** The camera maker's own code. */
  readonly hint: number;
}

export type FaceCameraEvent =
  | FaceCameraHint
  | { readonly type: 'ready' }
  | { readonly type: 'lost'; readonly reason: LostReason };

/** A camera with its own presentation attack detection. Frames come another way (UVC through the renderer). */
export interface FaceCamera extends EventSource<FaceCameraEvent> {
  readonly ready: boolean;
  start(): void;
  /** One presentation attack check of who stands there; ends within the driver's time limit. */
  detectSpoof(): Promise<Result<SpoofVerdict, DeviceError>>;
  close(): Promise<void>;
}
