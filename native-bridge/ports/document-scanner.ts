import type { LostReason } from './device-error.ts';
import type { EventSource } from './event-source.ts';

/**
 * Why bytes of a scanner were thrown away.
 * - `tooLong`: more than any machine readable zone has, without an end
 * - `notAscii`: a byte that no MRZ can hold
 * - `cut`: a line ended, or the scanner fell silent, before the line had an MRZ's length
 * - `lineCount`: whole lines, but not as many as their length asks for (TD1: 3 of 30, TD2: 2 of 36, TD3: 2 of 44, cards: 1)
 * - `doubled`: the same line, or the same document, twice in one go
 * - `badReply`: the scanner's own protocol was broken (length, checksum, unknown command)
 */
export type ReadProblemCode = 'tooLong' | 'notAscii' | 'cut' | 'lineCount' | 'doubled' | 'badReply';

export type DocumentScannerEvent =
  /** One whole document. `text`: its MRZ lines in order, joined by `\n`, as printed; nothing is repaired or checked. Personal data: never log it. */
  | { readonly type: 'documentRead'; readonly text: string }
  /** Something came that is no document. Only its size is told, because the bytes may be somebody's name. */
  | { readonly type: 'readProblem'; readonly code: ReadProblemCode; readonly discardedBytes: number }
  | { readonly type: 'documentRemoved' }
  | { readonly type: 'ready' }
  | { readonly type: 'lost'; readonly reason: LostReason };

/** A reader of printed machine readable zones. After `start()` it looks for its device until `close()`, through any unplugging. */
export interface DocumentScanner extends EventSource<DocumentScannerEvent> {
  start(): void;
  /** True between `ready` and the next `lost`. */
  readonly ready: boolean;
  /** Ends for good and frees the port; no event follows. */
  close(): Promise<void>;
}
