import type { Result } from '../../app/contract/result.ts';

/** A chip that PC/SC has activated. Both promises reject when it or its reader is gone. */
export interface PcscCard {
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /** Resets the chip and lets it go. */
  disconnect(): Promise<void>;
}

/** One reader as the system's PC/SC service names it, for example `ACS ACR1252 00 00`. */
export interface PcscReader {
  readonly name: string;
  /** Rejects when no chip can be activated at this moment. */
  connect(): Promise<PcscCard>;
}

/** What the service tells. `readerGone` ends a reader; the same name may come again. */
export interface PcscSink {
  readerCame(reader: PcscReader): void;
  readerGone(name: string): void;
  chip(name: string, present: boolean): void;
  /** The service itself ended. */
  failed(): void;
}

/**
 * - `pcscNotInstalled`: the optional package is not there, or not for this machine
 * - `pcscServiceAbsent`: the system's own service (pcscd, SCardSvr) does not run
 */
export interface PcscError {
  readonly code: 'pcscNotInstalled' | 'pcscServiceAbsent';
}

/** A watched PC/SC service. `PcscLoader` makes one; a fake fills the same. */
export interface PcscService {
  stop(): void;
}

export type PcscLoader = (sink: PcscSink) => Promise<Result<PcscService, PcscError>>;
