/** What a splitter found in a scanner's stream. */
export type ScannerToken =
  /** The scanner answered a command: understood and done, or not. */
  | { readonly type: 'reply'; readonly accepted: boolean }
  /** Bytes of a document, for the MRZ deframer. */
  | { readonly type: 'text'; readonly bytes: Uint8Array }
  /** The document is whole; nothing of it comes any more. */
  | { readonly type: 'documentEnd' }
  | { readonly type: 'junk'; readonly bytes: number };

/** Takes a scanner's stream apart: replies to commands here, documents there. Bounded, pure. */
export interface ScannerSplitter {
  push(chunk: Uint8Array): ScannerToken[];
  /** The line fell silent: what is half ends here. */
  idle(): ScannerToken[];
}

/** How one maker's scanner is told to read, and what it says. */
export interface ScannerDialect {
  readonly name: string;
  readonly baudRate: number;
  /** Commands that make it ready to read, in order; each is answered. */
  readonly arm: readonly Uint8Array[];
  /** A command without an answer that starts one reading; null when arming is enough. */
  readonly trigger: Uint8Array | null;
  /** Whether it stops reading after each document. */
  readonly armAfterRead: boolean;
  readonly betweenCommandsMs: number;
  /**
   * Until a command is said again, `attempts` times in all. Short, whatever the maker allows itself: every command may be said twice, so a
   * late reply does no harm, and a scanner that comes back must be noticed within 2 s.
   */
  readonly replyTimeoutMs: number;
  readonly attempts: number;
  createSplitter(): ScannerSplitter;
}

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
