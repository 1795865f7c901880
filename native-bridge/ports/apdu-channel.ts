import type { Result } from '../../app/contract/result.ts';
import type { DeviceError } from './device-error.ts';

/** A way to one chip, from its activation until it leaves the field or the channel is closed. ISO/IEC 7816-4 APDUs in, out. */
export interface ApduChannel {
  /** One command APDU, one response APDU with its status word. One at a time; a second call waits. Passport data: never log it. */
  transmit(command: Uint8Array): Promise<Result<Uint8Array, DeviceError>>;
  /** Longest command APDU in bytes, header and Lc/Le included. Below 4 + 3 + 256 extended length is not to be used. */
  readonly maxCommandLength: number;
  /** Longest response APDU in bytes, status word included. */
  readonly maxResponseLength: number;
  /** Releases the chip. Idempotent; later calls of `transmit` answer `deviceClosed`. */
  close(): Promise<void>;
}
