import type { Result } from '../../contract/result.ts';

/** The reader's own word for what went wrong on the way, e.g. `chipLost`, `deviceTimeout`. */
export interface ApduError {
  readonly code: string;
}

/**
 * The way to one chip, structurally the same as `native-bridge/ports/apdu-channel.ts`: documents must not know which reader
 * carries the APDUs. One command at a time. Passport data: nobody may log it.
 */
export interface ApduChannel {
  transmit(command: Uint8Array): Promise<Result<Uint8Array, ApduError>>;
  /** Longest command APDU in bytes, header and Lc/Le included. */
  readonly maxCommandLength: number;
  /** Longest response APDU in bytes, status word included. */
  readonly maxResponseLength: number;
  close(): Promise<void>;
}
