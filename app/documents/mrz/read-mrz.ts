import type { CalendarDate } from './calendar-date.ts';
import { codesOf, textOf } from './characters.ts';
import { layoutOf } from './detect.ts';
import type { MrzLayout } from './layout.ts';
import { repairLookAlikes } from './look-alikes.ts';
import { columnAt, lineAt, problem } from './problems.ts';
import { readText } from './read-text.ts';
import type { MrzDocument, MrzProblem, MrzReading, MrzRepair, UnrecognisedMrz } from './reading.ts';
import { nearestLayout, type Restored, restoreStructure } from './restore-structure.ts';
import { chunks } from './split-lines.ts';
import { lengthProblems, restorationProblems } from './structure-problems.ts';

export interface ReadMrzOptions {
  /** The day on which the document is read: decides the century of two-digit years, nothing else. */
  readonly today: CalendarDate;
}

/** Three lines, each read twice; a doubled line of 44 with a stutter. Anything beyond is not one document. */
const MAX_LINES = 6;
const MAX_LINE_LENGTH = 120;

/**
 * Reads the lines of one document of any known format. Never throws, and looks at no more than some hundred characters.
 *
 * A document with the right number and length of lines is read as it stands. Where case, length or order of the lines
 * can be restored so that every check digit holds, the fields are those of the restored lines, and the document is still
 * not `valid`: each restoration is a problem and a repair. Look-alikes are never swapped in the fields; a unique repair
 * is proposed in `repairTo`, and each of its changes listed in `repairs`.
 */
export function readMrz(lines: readonly string[], { today }: ReadMrzOptions): MrzReading {
  const exact = layoutOf(lines);
  if (exact !== null) {
    const reading = readText(lines.join(''), exact, today);
    if (reading.valid) return reading;
    return repair(lines, exact, reading, today);
  }
  if (lines.length > MAX_LINES || lines.some((line) => line.length > MAX_LINE_LENGTH)) {
    return unrecognised(problem('inputTooLong', 'error'));
  }
  return repair(lines, nearestLayout(lines), null, today);
}

/**
 * The document after its proposed repairs, which stay listed; `null` when none are proposed. Whoever calls this accepts
 * the repairs: `valid` then speaks of the repaired lines.
 */
export function readRepaired(reading: MrzReading, options: ReadMrzOptions): MrzDocument | null {
  if (reading.repairTo === null) return null;
  const repaired = readMrz(reading.repairTo, options);
  return repaired.format === null ? null : { ...repaired, repairs: reading.repairs, repairTo: reading.repairTo };
}

/** `asItStands` is the reading of lines that have exactly a format's size. */
function repair(
  lines: readonly string[],
  layout: MrzLayout | null,
  asItStands: MrzDocument | null,
  today: CalendarDate,
): MrzReading {
  const { holding, isAmbiguous, natural } = restoreStructure(lines);
  if (holding !== null && holding.repairs.length > 0) {
    return { ...restoredReading(holding, today), repairs: holding.repairs, repairTo: holding.lines };
  }
  if (natural !== null) {
    const reading = asItStands !== null && natural.repairs.length === 0 ? asItStands : restoredReading(natural, today);
    return proposeLookAlikes(reading, natural);
  }
  if (asItStands !== null) return asItStands;
  if (layout === null) return unrecognised();
  const fitted = lines.map((line) => line.padEnd(layout.lineLength, '<').slice(0, layout.lineLength));
  const reading = withErrors(readText(fitted.join(''), layout, today), lengthProblems(lines, layout));
  return isAmbiguous ? withWarning(reading, repairRefused('ambiguous')) : reading;
}

/** The restored lines as a document that does not hold as it stands. */
function restoredReading(restored: Restored, today: CalendarDate): MrzDocument {
  const reading = readText(restored.lines.join(''), restored.layout, today);
  return withErrors(reading, restorationProblems(restored));
}

function proposeLookAlikes(reading: MrzDocument, { lines, layout, repairs }: Restored): MrzDocument {
  const codes = codesOf(lines.join(''));
  const outcome = repairLookAlikes(codes, layout);
  if (outcome.kind === 'none') return reading;
  if (outcome.kind !== 'repaired') return withWarning(reading, repairRefused(outcome.kind));
  const swaps = outcome.changed.map(
    (offset): MrzRepair => ({
      code: 'lookAlike',
      field: layout.fieldAt[offset] ?? null,
      line: lineAt(layout, offset),
      column: columnAt(layout, offset),
      from: String.fromCharCode(codes[offset]!),
      to: String.fromCharCode(outcome.codes[offset]!),
    }),
  );
  return { ...reading, repairs: [...repairs, ...swaps], repairTo: chunks(textOf(outcome.codes), layout.lineLength) };
}

function withErrors(reading: MrzDocument, errors: readonly MrzProblem[]): MrzDocument {
  return { ...reading, valid: reading.valid && errors.length === 0, problems: [...errors, ...reading.problems] };
}

function withWarning(reading: MrzDocument, warning: MrzProblem): MrzDocument {
  return { ...reading, problems: [...reading.problems, warning] };
}

const repairRefused = (why: string): MrzProblem => problem('repairRefused', 'warning', null, { found: why });

function unrecognised(...more: readonly MrzProblem[]): UnrecognisedMrz {
  const problems = [problem('unrecognisedFormat', 'error'), ...more];
  return { format: null, valid: false, checks: [], problems, repairs: [], repairTo: null };
}
