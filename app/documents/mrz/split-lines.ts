/** Longer than any document, its separators and a stutter of the scanner; what is beyond shows as a line too long. */
const MAX_TEXT = 1000;

/** Documents sent in one piece: total length to line length. 90 may be TD1, a Chinese card, or that card's DG1. */
const PIECES: ReadonlyMap<number, number> = new Map([
  [88, 44],
  [72, 36],
  [90, 30],
]);

const LINE_LENGTHS: ReadonlySet<number> = new Set([30, 36, 44]);

/**
 * The lines of one document from what a scanner sends: CR, LF or CRLF between the lines, or nothing at all; STX, ETX and
 * other controls around them; spaces at the ends. Characters inside a line stay as they are: judging them is the
 * reader's part. Looks at no more than 1,000 characters.
 */
export function splitMrzLines(text: string): string[] {
  const lines: string[] = [];
  for (const piece of text.slice(0, MAX_TEXT).split(/[\r\n\f\v\u0085\u2028\u2029]+/)) {
    const line = withoutControls(piece);
    const trimmed = line.trim();
    // Spaces at the end of a line that has a format's length are fillers read as spaces: the reader's part.
    if (trimmed !== '') lines.push(LINE_LENGTHS.has(line.length) ? line : trimmed);
  }
  const only = lines.length === 1 ? lines[0]! : '';
  const lineLength = PIECES.get(only.length);
  return lineLength === undefined ? lines : chunks(only, lineLength);
}

function withoutControls(text: string): string {
  let result = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    // C0 and C1 controls, and the byte-order mark that text files begin with.
    if (code >= 0x20 && !(code >= 0x7f && code < 0xa0) && code !== 0xfeff) result += character;
  }
  return result;
}

/** `text` in pieces of `size` characters; the last may be shorter. */
export function chunks(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let i = 0; i < text.length; i += size) pieces.push(text.slice(i, i + size));
  return pieces;
}
