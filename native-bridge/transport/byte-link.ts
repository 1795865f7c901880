import type { Result } from '../../app/contract/result.ts';

/** Why a link could not be opened: nothing of that name, somebody else has it, no right to it, or anything else. */
export type OpenFailure = 'absent' | 'busy' | 'denied' | 'failed';

export interface OpenError {
  readonly code: 'openFailed';
  readonly cause: OpenFailure;
}

export interface WriteError {
  readonly code: 'writeFailed' | 'linkClosed';
}

/** Where an open link puts what comes in. `closed` is called once, when the link ends without our asking (unplugged, hung up). */
export interface LinkSink {
  received(bytes: Uint8Array): void;
  closed(): void;
}

/** One open connection. After `close()` or `LinkSink.closed` it is dead; a new one is opened instead. */
export interface ByteLink {
  /** Resolves when the operating system has taken the bytes: this is the back-pressure. */
  write(bytes: Uint8Array): Promise<Result<void, WriteError>>;
  /** Bytes of received data the system still holds back are dropped with it. Never throws. */
  close(): Promise<void>;
}

/** A way to bytes: serial port, socket, replay or fake. Interchangeable behind this. */
export interface LinkOpener {
  /** For logs: kind and address, no secrets. */
  readonly name: string;
  open(sink: LinkSink): Promise<Result<ByteLink, OpenError>>;
}
