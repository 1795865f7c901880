import { FILLER_CODE } from './characters.ts';

export interface Identifiers {
  readonly primary: string;
  readonly secondary: string;
}

/**
 * Primary identifier, `<<`, secondary identifier; within them `<` separates words (ICAO 9303-3 §4.6). A further `<<`
 * is read as one more space, and leading fillers are skipped: both are seen on real documents.
 */
export function readName(text: string, codes: Uint8Array, start: number, end: number): Identifiers {
  let first = start;
  while (first < end && codes[first] === FILLER_CODE) first++;
  let split = first;
  while (split < end && !(codes[split] === FILLER_CODE && (split + 1 === end || codes[split + 1] === FILLER_CODE)))
    split++;
  return { primary: words(text, codes, first, split), secondary: words(text, codes, split, end) };
}

function words(text: string, codes: Uint8Array, start: number, end: number): string {
  let result = '';
  let from = start;
  while (from < end) {
    if (codes[from] === FILLER_CODE) {
      from++;
      continue;
    }
    let to = from + 1;
    while (to < end && codes[to] !== FILLER_CODE) to++;
    const word = text.slice(from, to);
    result = result === '' ? word : `${result} ${word}`;
    from = to;
  }
  return result;
}
