import type { MrzLayout } from './layout.ts';
import { problem } from './problems.ts';
import type { MrzProblem, MrzProblemCode, MrzRepairCode } from './reading.ts';
import type { Restored } from './restore-structure.ts';

/** What was wrong with the lines, said of each thing that was restored: a restored document is not valid as it stood. */
const PROBLEM_OF: Readonly<Record<MrzRepairCode, MrzProblemCode>> = {
  lookAlike: 'characterNotAllowed',
  upperCase: 'lowerCase',
  fillersAdded: 'wrongLineLength',
  fillersRemoved: 'wrongLineLength',
  duplicateLineRemoved: 'duplicateLine',
  linesReordered: 'linesOutOfOrder',
  linesRejoined: 'lineBroken',
};

export function restorationProblems({ layout, repairs }: Restored): MrzProblem[] {
  return repairs.map((repair) => {
    const code = PROBLEM_OF[repair.code];
    const { lineLength } = layout;
    // What was added was missing, what was removed was too much.
    const lengthAsRead = lineLength + repair.from.length - repair.to.length;
    if (code === 'wrongLineLength') return wrongLength(repair.line, lineLength, lengthAsRead);
    const found = repair.from === '' ? null : repair.from[0]!;
    return { ...problem(code, 'error', repair.line), column: repair.column, found };
  });
}

export function lengthProblems(lines: readonly string[], layout: MrzLayout): MrzProblem[] {
  return lines.flatMap((line, index) =>
    line.length === layout.lineLength ? [] : [wrongLength(index + 1, layout.lineLength, line.length)],
  );
}

function wrongLength(line: number, expected: number, found: number): MrzProblem {
  return problem('wrongLineLength', 'error', line, { expected: String(expected), found: String(found) });
}
