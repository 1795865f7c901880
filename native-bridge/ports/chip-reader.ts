import type { Result } from '../../app/contract/result.ts';
import type { ApduChannel } from './apdu-channel.ts';
import type { DeviceError, LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

export type ChipReaderEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'lost'; readonly reason: LostReason }
  /** The chip of the open channel left the field. */
  | { readonly type: 'chipLost' };

/** A contactless reader. One chip at a time; a new `awaitChip` closes the channel before it. */
export interface ChipReader extends EventSource<ChipReaderEvent> {
  readonly ready: boolean;
  start(): void;
  /** Waits for an ISO/IEC 14443-4 chip and activates it. `deviceTimeout` when none came within `timeoutMs`. */
  awaitChip(timeoutMs: number): Promise<Result<ApduChannel, DeviceError>>;
  close(): Promise<void>;
}
