import type { ReadProblemCode } from '../../native-bridge/ports/document-scanner.ts';
import type { DocumentAdvice } from '../contract/traveller-view.ts';

/** What the traveller can do about it; null: place the document again, no more is known. */
const OF_SCANNER: Readonly<Record<ReadProblemCode, DocumentAdvice | null>> = {
  cut: 'tooShort',
  lineCount: 'tooShort',
  tooLong: 'unreadable',
  notAscii: 'unreadable',
  doubled: null,
  badReply: null,
};

/** The lines came, and this is wrong with them: the first that is listed here decides. */
const OF_LINES: readonly (readonly [code: string, advice: DocumentAdvice])[] = [
  ['unrecognisedFormat', 'wrongSide'],
  ['inputTooLong', 'unreadable'],
  ['wrongLineCount', 'tooShort'],
  ['wrongLineLength', 'tooShort'],
  ['lineBroken', 'tooShort'],
  ['checkDigitMismatch', 'unreadable'],
  ['characterNotAllowed', 'unreadable'],
  ['lowerCase', 'unreadable'],
];

export function adviceForRead(code: ReadProblemCode): DocumentAdvice | null {
  return OF_SCANNER[code];
}

/** From the problems of a machine readable zone that could not be used. */
export function adviceForLines(problems: readonly string[]): DocumentAdvice | null {
  return OF_LINES.find(([code]) => problems.includes(code))?.[1] ?? null;
}
