/**
 * Deframer of line-stream MRZ scanners: lines of 30, 36 or 44 characters, ended by CR, LF, CRLF or nothing, the document
 * optionally between STX and ETX. A document is complete when its line count is, at ETX, or when the line falls silent
 * (`idle()`; the caller holds the timer). Pure and bounded: it keeps one document, never reads a clock and never throws.
 */
export type MrzProblemCode = 'tooLong' | 'notAscii' | 'cut' | 'lineCount' | 'doubled';

export type MrzFrame =
  | { readonly type: 'document'; readonly text: string }
  | { readonly type: 'problem'; readonly code: MrzProblemCode; readonly discardedBytes: number };

const STX = 0x02;
const ETX = 0x03;
const LF = 0x0a;
const CR = 0x0d;

/** How many lines of a length make a document (ICAO Doc 9303-4, -5, -6). Cards of one line are told by their code. */
const LINES_BY_LENGTH: ReadonlyMap<number, number> = new Map([
  [30, 3],
  [36, 2],
  [44, 2],
]);
const LONGEST_LINE = 44;
const LONGEST_DOCUMENT = 90;
/** GA/T 704: the exit-entry permit and the Taiwan permit have one line of 30. */
const ONE_LINE_CARD = /^C[SD].{28}$/;
/** A stream that never pauses is reported in slices, so that a babbling scanner is seen while it babbles. */
export const REPORT_EVERY_BYTES = 1_024;

export class MrzLineDeframer {
  #lines: string[] = [];
  #current = '';
  /** Bytes of the document in hand, separators included. */
  #bytes = 0;
  #discarding: MrzProblemCode | null = null;
  /** The last document of this burst: the same again without a pause is a scanner's stutter. */
  #lastText: string | null = null;
  #out: MrzFrame[] = [];

  push(chunk: Uint8Array): MrzFrame[] {
    for (const byte of chunk) this.#take(byte);
    return this.#flush();
  }

  /** The line was silent for the scanner's gap: whatever is in hand ends here. */
  idle(): MrzFrame[] {
    this.#closeDocument();
    this.#lastText = null;
    return this.#flush();
  }

  /** True when silence would end something; only then a timer is needed. */
  get pending(): boolean {
    return this.#bytes > 0 || this.#lastText !== null;
  }

  #take(byte: number): void {
    if (byte === STX || byte === ETX) {
      this.#closeDocument();
      return;
    }
    if (this.#discarding !== null) {
      this.#bytes += 1;
      if (this.#bytes >= REPORT_EVERY_BYTES) this.#reportDiscarded(this.#discarding);
      return;
    }
    if (byte === CR || byte === LF) {
      if (this.#bytes > 0) this.#bytes += 1;
      if (this.#current !== '') this.#endLine();
      return;
    }
    this.#bytes += 1;
    if (byte < 0x20 || byte > 0x7e) {
      this.#discarding = 'notAscii';
      return;
    }
    this.#current += String.fromCharCode(byte);
    const longest = this.#lines.length === 0 ? LONGEST_DOCUMENT : LONGEST_LINE;
    if (this.#current.length > longest) this.#discarding = 'tooLong';
  }

  #endLine(): void {
    const line = this.#current;
    this.#current = '';
    for (const part of this.#lines.length === 0 ? splitUndelimited(line) : [line]) {
      const problem = this.#problemOf(part);
      if (problem !== null) {
        this.#discarding = problem;
        return;
      }
      this.#lines.push(part);
    }
    if (this.#lines.length === LINES_BY_LENGTH.get(this.#lines[0]?.length ?? 0)) this.#emitDocument();
  }

  #problemOf(line: string): MrzProblemCode | null {
    if (this.#lines.at(-1) === line) return 'doubled';
    const expected = this.#lines[0]?.length;
    if (expected === undefined) {
      if (LINES_BY_LENGTH.has(line.length)) return null;
      return line.length > LONGEST_LINE ? 'tooLong' : 'cut';
    }
    if (line.length === expected) return null;
    return line.length > expected ? 'tooLong' : 'cut';
  }

  #emitDocument(): void {
    const text = this.#lines.join('\n');
    if (text === this.#lastText) {
      this.#discarding = 'doubled';
      return;
    }
    this.#out.push({ type: 'document', text });
    this.#lastText = text;
    this.#reset();
  }

  #closeDocument(): void {
    if (this.#discarding === null && this.#current !== '') this.#endLine();
    if (this.#discarding === null && this.#lines.length === 1 && ONE_LINE_CARD.test(this.#lines[0] ?? ''))
      this.#emitDocument();
    if (this.#discarding !== null) this.#reportDiscarded(this.#discarding);
    else if (this.#lines.length > 0) this.#reportDiscarded('lineCount');
    this.#reset();
  }

  #reportDiscarded(code: MrzProblemCode): void {
    if (this.#bytes > 0) this.#out.push({ type: 'problem', code, discardedBytes: this.#bytes });
    this.#bytes = 0;
  }

  #reset(): void {
    this.#lines = [];
    this.#current = '';
    this.#bytes = 0;
    this.#discarding = null;
  }

  #flush(): MrzFrame[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}

/** Scanners without separators send a whole document as one line: 2x44, 2x36 or 3x30. */
function splitUndelimited(line: string): string[] {
  const size = { 60: 30, 72: 36, 88: 44, 90: 30 }[line.length];
  if (size === undefined) return [line];
  return Array.from({ length: line.length / size }, (_, index) => line.slice(index * size, (index + 1) * size));
}
