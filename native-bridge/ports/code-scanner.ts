import type { LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

export type CodeScannerEvent =
  /** `symbology`: AIM identifier (ISO/IEC 15424), for example `]Q1` for QR. `data`: the bytes as coded. */
  | { readonly type: 'codeRead'; readonly symbology: string; readonly data: Uint8Array }
  | { readonly type: 'readProblem'; readonly code: 'tooLong' | 'badReply' | 'cut'; readonly discardedBytes: number }
  | { readonly type: 'ready' }
  | { readonly type: 'lost'; readonly reason: LostReason };

/** A QR and bar code reader. */
export interface CodeScanner extends EventSource<CodeScannerEvent> {
  readonly ready: boolean;
  start(): void;
  close(): Promise<void>;
}
