import type { Arrangement } from './arrangements.ts';
import { otherArrangements, restoreCharacters } from './arrangements.ts';
import { codesOf, writeCodes } from './characters.ts';
import { readDate } from './dates.ts';
import { layoutByContent, layoutOf, SHAPES } from './detect.ts';
import { documentHolds } from './document-holds.ts';
import type { MrzLayout } from './layout.ts';
import { type FittedLine, fitLine } from './line-lengths.ts';
import type { MrzRepair } from './reading.ts';

/** Lines of exactly one format's size, and everything that was done to the read lines to get there. */
export interface Restored {
  readonly lines: readonly string[];
  readonly layout: MrzLayout;
  readonly repairs: readonly MrzRepair[];
}

export interface Structure {
  /** The one restored document whose check digits all hold; `null` when none or several do. */
  readonly holding: Restored | null;
  readonly isAmbiguous: boolean;
  /** What to read, and to repair look-alikes in, when nothing holds: the lines in the order read. */
  readonly natural: Restored | null;
}

/** Two damaged lines of 44 characters each; more is not one document with a slip. */
const MAX_CANDIDATES = 2048;
/** Without one line of exactly the right length, how far off the others may be for the format to be believed. */
const MAX_DEVIATION = 4;

/** Tries the lines as read first, then every other arrangement: the nearest explanation wins. */
export function restoreStructure(lines: readonly string[]): Structure {
  const asRead = restoreCharacters(lines);
  const candidates = fittedCandidates(asRead);
  const direct = holdingOnes(candidates);
  const natural = candidates.length === 1 ? candidates[0]! : null;
  if (direct.length > 0) return { holding: single(direct), isAmbiguous: direct.length > 1, natural };

  // Lines that can stand where they are are not moved: some orders differ in one check digit only.
  if (natural !== null && fitsAlphabets(natural)) return { holding: null, isAmbiguous: false, natural };
  const rearranged = otherArrangements(asRead.lines).map((other) => ({
    lines: other.lines,
    repairs: [...asRead.repairs, ...other.repairs],
  }));
  const others = holdingOnes(rearranged.flatMap(fittedCandidates)).filter(fitsAlphabets);
  return { holding: single(others), isAmbiguous: others.length > 1, natural };
}

/** Letters where letters belong, digits where digits do, and dates that are dates. */
function fitsAlphabets({ lines, layout }: Restored): boolean {
  const text = lines.join('');
  const codes = new Uint8Array(text.length);
  if (!writeCodes(text, codes, layout.readMask)) return false;
  const { birthDate, expiryDate } = layout.at;
  return readDate(codes, birthDate.start, true) !== null && readDate(codes, expiryDate.start, false) !== null;
}

const single = (restored: readonly Restored[]): Restored | null => (restored.length === 1 ? restored[0]! : null);

/** The layout that lines of about the right size most likely have; `null` when they look like no document. */
export function nearestLayout(lines: readonly string[]): MrzLayout | null {
  const { lines: restored } = restoreCharacters(lines);
  let best: MrzLayout | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const { lineCount, lineLength } of SHAPES) {
    if (restored.length !== lineCount) continue;
    const deviations = restored.map((line) => Math.abs(line.length - lineLength));
    const largest = Math.max(...deviations);
    const isBelievable = largest <= MAX_DEVIATION || (deviations.includes(0) && largest < lineLength);
    const total = deviations.reduce((sum, deviation) => sum + deviation, 0);
    if (!isBelievable || total >= least) continue;
    const layout = layoutByContent(restored[0]!, lineCount, lineLength);
    if (layout === null) continue;
    best = layout;
    least = total;
  }
  return best;
}

function fittedCandidates({ lines, repairs }: Arrangement): Restored[] {
  const layout = layoutOf(lines) ?? nearestLayout(lines);
  if (layout === null) return [];
  let candidates: { lines: string[]; repairs: MrzRepair[] }[] = [{ lines: [], repairs: [...repairs] }];
  for (const [index, line] of lines.entries()) {
    const ways = fitLine(line, layout.lineLength, index + 1, isCheckedLine(layout, index));
    candidates = candidates.flatMap((before) => ways.map((way) => extend(before, way)));
    if (candidates.length > MAX_CANDIDATES) return [];
  }
  // Restored letters can decide otherwise than damaged ones (`cs` is a card, `Cs` may be anything), so ask again.
  return candidates.flatMap((candidate) => {
    const exact = layoutOf(candidate.lines);
    return exact === null ? [] : [{ ...candidate, layout: exact }];
  });
}

function extend(
  before: { readonly lines: readonly string[]; readonly repairs: readonly MrzRepair[] },
  { line, repair }: FittedLine,
): { lines: string[]; repairs: MrzRepair[] } {
  return {
    lines: [...before.lines, line],
    repairs: repair === null ? [...before.repairs] : [...before.repairs, repair],
  };
}

/** Whether a check digit stands in the line, so that a wrong guess would be found out. */
function isCheckedLine(layout: MrzLayout, index: number): boolean {
  return layout.checks.some(({ digitAt }) => Math.floor(digitAt / layout.lineLength) === index);
}

/** Those whose check digits hold, one of each text. */
function holdingOnes(candidates: readonly Restored[]): Restored[] {
  const byText = new Map<string, Restored>();
  for (const candidate of candidates) {
    const text = candidate.lines.join('');
    if (!byText.has(text) && documentHolds(codesOf(text), candidate.layout)) byText.set(text, candidate);
  }
  return [...byText.values()];
}
