import type { Result } from '../../app/contract/result.ts';
import type { DeviceError } from './device-error.ts';
import type { Lamp } from './lane-controller.ts';

/** A lamp that belongs to no door: above the lane, at the document reader, at the camera. */
export interface Indicator {
  show(lamp: Lamp): Promise<Result<void, DeviceError>>;
}
