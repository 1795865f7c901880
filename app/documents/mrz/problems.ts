import type { MrzLayout } from './layout.ts';
import type { MrzField, MrzProblem, MrzProblemCode, MrzSeverity } from './reading.ts';

interface Evidence {
  readonly field?: MrzField;
  readonly expected?: string;
  readonly found?: string;
}

/** A problem without a place, or with the line only. */
export function problem(
  code: MrzProblemCode,
  severity: MrzSeverity,
  line: number | null = null,
  { field, expected, found }: Evidence = {},
): MrzProblem {
  return {
    code,
    severity,
    field: field ?? null,
    line,
    column: null,
    expected: expected ?? null,
    found: found ?? null,
  };
}

/** A problem at an offset of the joined lines; the field is the one that stands there unless named. */
export function problemAt(
  layout: MrzLayout,
  offset: number,
  code: MrzProblemCode,
  severity: MrzSeverity,
  { field, expected, found }: Evidence = {},
): MrzProblem {
  return {
    code,
    severity,
    field: field ?? layout.fieldAt[offset] ?? null,
    line: lineAt(layout, offset),
    column: columnAt(layout, offset),
    expected: expected ?? null,
    found: found ?? null,
  };
}

export const lineAt = (layout: MrzLayout, offset: number): number => Math.floor(offset / layout.lineLength) + 1;
export const columnAt = (layout: MrzLayout, offset: number): number => (offset % layout.lineLength) + 1;
