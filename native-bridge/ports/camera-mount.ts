import type { Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

export type CameraMountEvent = { readonly type: 'ready' } | { readonly type: 'lost'; readonly reason: LostReason };

interface CameraMount extends EventSource<CameraMountEvent> {
  readonly ready: boolean;
  start(): void;
  close(): Promise<void>;
}

/** The light beside a camera whose frames come through the renderer (UVC). */
export interface CameraLight extends CameraMount {
  /** 0 (off) to 100. Resolves when the light itself says that it is so. Dark again after `close`. */
  setLight(percent: number): Promise<Result<void, DeviceError>>;
}

/** What tilts such a camera to a face's height. */
export interface CameraTilt extends CameraMount {
  /** Degrees above the horizon, within what the mount can do (`requestInvalid`). Resolves when it stands there, by its own word. */
  setTilt(degrees: number): Promise<Result<void, DeviceError>>;
}
