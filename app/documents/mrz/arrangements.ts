import { SHAPES } from './detect.ts';
import type { MrzRepair } from './reading.ts';
import { chunks } from './split-lines.ts';

/** The lines in some order and number, each still as long as it was read. */
export interface Arrangement {
  readonly lines: readonly string[];
  readonly repairs: readonly MrzRepair[];
}

const LOWER_CASE = /[a-z]/;
/** What readers print for the filler: a guillemet, a lone angle, a space. */
const FILLER_LIKE = /[«‹≪《〈＜ ]/;

/** Upper case, and fillers for what can only be a filler: neither character is in the zone's alphabet. */
export function restoreCharacters(lines: readonly string[]): Arrangement {
  const repairs: MrzRepair[] = [];
  const restored = lines.map((line, index) => {
    let result = '';
    for (const from of line) {
      const to = LOWER_CASE.test(from) ? from.toUpperCase() : FILLER_LIKE.test(from) ? '<' : from;
      result += to;
      if (to === from) continue;
      const column = result.length - to.length + 1;
      addToRun(repairs, {
        code: to === '<' ? 'lookAlike' : 'upperCase',
        field: null,
        line: index + 1,
        column,
        from,
        to,
      });
    }
    return result;
  });
  return { lines: restored, repairs };
}

/** A line in lower case is one repair, not forty-four. */
function addToRun(repairs: MrzRepair[], next: MrzRepair): void {
  const last = repairs.at(-1);
  const continues = last?.code === next.code && last.line === next.line && last.column + last.to.length === next.column;
  if (last === undefined || !continues) repairs.push(next);
  else repairs[repairs.length - 1] = { ...last, from: last.from + next.from, to: last.to + next.to };
}

/** Other ways to take the same text: a doubled line once, lines in another order, a broken line joined again. */
export function otherArrangements(lines: readonly string[]): Arrangement[] {
  const once = withoutDoubles(lines);
  const found: Arrangement[] = once.repairs.length > 0 ? [once] : [];
  for (const order of permutations(once.lines.length)) {
    const reordered = order.map((index) => once.lines[index]!);
    const repair = lineRepair('linesReordered', 1, order.map((index) => index + 1).join(' '));
    found.push({ lines: reordered, repairs: [...once.repairs, repair] });
  }
  const joined = lines.join('');
  for (const { lineCount, lineLength } of SHAPES) {
    if (joined.length !== lineCount * lineLength || lines.length === lineCount) continue;
    found.push({ lines: chunks(joined, lineLength), repairs: [lineRepair('linesRejoined', 1, '')] });
  }
  return found;
}

function withoutDoubles(lines: readonly string[]): Arrangement {
  const repairs: MrzRepair[] = [];
  const kept = lines.filter((line, index) => {
    const isFirst = lines.indexOf(line) === index;
    if (!isFirst) repairs.push(lineRepair('duplicateLineRemoved', index + 1, ''));
    return isFirst;
  });
  return { lines: kept, repairs };
}

function lineRepair(code: MrzRepair['code'], line: number, to: string): MrzRepair {
  return { code, field: null, line, column: 1, from: '', to };
}

/** Every other order of two or three lines. */
function permutations(count: number): readonly (readonly number[])[] {
  if (count === 2) return [[1, 0]];
  if (count !== 3) return [];
  return [
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
}
