import { err, ok, type Result } from '../../app/contract/result.ts';

/** Two image files, relative to the data set's folder, and whether they show the same person. */
export interface ImagePair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

export interface PairsFileError {
  readonly code: 'pairsInvalid';
  readonly line: number;
  readonly detail: string;
}

const HEADER = ['file_a', 'file_b', 'same'];
const MAX_PAIRS = 2_000_000;
const TRUE_WORDS = ['1', 'true', 'yes'];
const FALSE_WORDS = ['0', 'false', 'no'];

/** CSV with the header `file_a,file_b,same` (columns in any order, others ignored); `same` is 1/0, true/false or yes/no. */
export function parsePairs(text: string): Result<readonly ImagePair[], PairsFileError> {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const header = split(lines[0] ?? '').map((name) => name.toLowerCase());
  const columns = HEADER.map((name) => header.indexOf(name));
  if (columns.includes(-1)) return invalid(1, `the header must name ${HEADER.join(', ')}`);
  const [atA, atB, atSame] = columns as [number, number, number];
  const pairs: ImagePair[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const cells = split(line);
    const [a, b, word] = [cells[atA], cells[atB], cells[atSame]?.toLowerCase()];
    if (!a || !b || word === undefined) return invalid(index + 1, 'too few columns');
    if (!TRUE_WORDS.includes(word) && !FALSE_WORDS.includes(word)) return invalid(index + 1, 'same is neither 1 nor 0');
    pairs.push({ a, b, same: TRUE_WORDS.includes(word) });
    if (pairs.length > MAX_PAIRS) return invalid(index + 1, `more than ${MAX_PAIRS} pairs`);
  }
  return pairs.length === 0 ? invalid(2, 'no pairs') : ok(pairs);
}

/** Cells may be quoted; a quote inside is doubled (RFC 4180). Line breaks inside cells are not for file names. */
function split(line: string): string[] {
  const cells: string[] = [];
  const cell = /\s*(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  while (cell.lastIndex <= line.length) {
    const found = cell.exec(line);
    if (!found) break;
    cells.push(found[1] === undefined ? (found[2] ?? '').trim() : found[1].replaceAll('""', '"'));
    if (found[3] !== ',') break;
  }
  return cells;
}

const invalid = (line: number, detail: string): Result<never, PairsFileError> =>
  err({ code: 'pairsInvalid', line, detail });

/** People as far as the pairs tell: files joined by same-person pairs are one. Gives each file the person's number. */
export function peopleOf(pairs: readonly ImagePair[]): ReadonlyMap<string, number> {
  const parent = new Map<string, string>();
  const root = (file: string): string => {
    let at = file;
    while ((parent.get(at) ?? at) !== at) at = parent.get(at)!;
    parent.set(file, at);
    return at;
  };
  for (const { a, b, same } of pairs) {
    const [one, other] = [root(a), root(b)];
    if (same && one !== other) parent.set(one, other);
  }
  const numbers = new Map<string, number>();
  const people = new Map<string, number>();
  for (const file of parent.keys()) {
    const person = root(file);
    if (!numbers.has(person)) numbers.set(person, numbers.size);
    people.set(file, numbers.get(person)!);
  }
  return people;
}

/** Pairs whose two people are both in the one half, or both in the other. Pairs across are used by neither. */
export function halves(pairs: readonly ImagePair[]): readonly [readonly ImagePair[], readonly ImagePair[]] {
  const people = peopleOf(pairs);
  const half = (file: string): number => people.get(file)! % 2;
  const within = (wanted: number) => pairs.filter(({ a, b }) => half(a) === wanted && half(b) === wanted);
  return [within(0), within(1)];
}

/** Every two files of different people, as far as the pairs tell who is who. Grows with the square of the files. */
export function allDifferent(pairs: readonly ImagePair[]): readonly ImagePair[] {
  const people = [...peopleOf(pairs)];
  return people.flatMap(([a, one], i) =>
    people.slice(i + 1).flatMap(([b, other]) => (one === other ? [] : [{ a, b, same: false }])),
  );
}
