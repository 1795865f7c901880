import type { MrzRepair } from './reading.ts';

/** A line of the right length, and what was done to it. */
export interface FittedLine {
  readonly line: string;
  readonly repair: MrzRepair | null;
}

/** A reader loses or doubles a few fillers; a line that is off by more is another line. */
const MAX_INSERTED = 6;

/**
 * Every way to give the line its length by adding or removing fillers. Lines that end in fillers gain or lose them there:
 * readers miscount long runs. Elsewhere only a line whose check digits will judge the result is tried (`isChecked`);
 * a name that was cut cannot be told from a short name, so it has no way.
 */
export function fitLine(line: string, lineLength: number, lineNumber: number, isChecked: boolean): FittedLine[] {
  const missing = lineLength - line.length;
  if (missing === 0) return [{ line, repair: null }];
  if (missing > 0) return lengthen(line, missing, lineNumber, isChecked);
  return shorten(line, -missing, lineNumber, isChecked);
}

function lengthen(line: string, missing: number, lineNumber: number, isChecked: boolean): FittedLine[] {
  if (line.endsWith('<')) return [added(line, line.length, missing, lineNumber)];
  if (!isChecked || missing > MAX_INSERTED) return [];
  const fitted: FittedLine[] = [];
  for (let at = 1; at < line.length; at++) {
    // Only where fillers are: anywhere else one check digit in ten would hold by chance. The end of a run stands for all of it.
    if (line[at - 1] === '<' && line[at] !== '<') fitted.push(added(line, at, missing, lineNumber));
  }
  return fitted;
}

function added(line: string, at: number, count: number, lineNumber: number): FittedLine {
  const fillers = '<'.repeat(count);
  return {
    line: line.slice(0, at) + fillers + line.slice(at),
    repair: { code: 'fillersAdded', field: null, line: lineNumber, column: at + 1, from: '', to: fillers },
  };
}

function shorten(line: string, surplus: number, lineNumber: number, isChecked: boolean): FittedLine[] {
  const fillers = '<'.repeat(surplus);
  if (line.endsWith(fillers)) return [removed(line, line.length - surplus, surplus, lineNumber)];
  if (!isChecked || surplus > MAX_INSERTED) return [];
  const fitted: FittedLine[] = [];
  for (let at = 0; at + surplus <= line.length; at++) {
    if (line.startsWith(fillers, at) && line[at - 1] !== '<') fitted.push(removed(line, at, surplus, lineNumber));
  }
  return fitted;
}

function removed(line: string, at: number, count: number, lineNumber: number): FittedLine {
  return {
    line: line.slice(0, at) + line.slice(at + count),
    repair: { code: 'fillersRemoved', field: null, line: lineNumber, column: at + 1, from: '<'.repeat(count), to: '' },
  };
}
