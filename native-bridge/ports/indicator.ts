import type { Result } from '../../app/contract/result.ts';
import type { DeviceError, LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';
import type { Lamp } from './lane-controller.ts';

export type IndicatorEvent = { readonly type: 'ready' } | { readonly type: 'lost'; readonly reason: LostReason };

/** A lamp that belongs to no door: above the lane, at the document reader, at the camera. */
export interface Indicator extends EventSource<IndicatorEvent> {
  readonly ready: boolean;
  start(): void;
  /** Resolves when the lamp itself says that it is so. What was asked for last is shown again when the device comes back. */
  show(lamp: Lamp): Promise<Result<void, DeviceError>>;
  /** Red, since a lane that has ended lets nobody in; then the port is free. No event follows. */
  close(): Promise<void>;
}
