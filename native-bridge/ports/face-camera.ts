import type { Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

export type SpoofVerdict = 'live' | 'spoof' | 'noFace';

/** What the traveller should do; the camera maker's own hint code goes with it. */
export interface FaceCameraHint {
  readonly type: 'hint';
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
