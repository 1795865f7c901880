import type { MrzLayout } from './layout.ts';
import { CD, CD_CHIP, CF, CR, CS, CS_CHIP, CT } from './layouts-china.ts';
import { MRVA, MRVB, TD1, TD2, TD3 } from './layouts-icao.ts';

/** The sizes a zone can have; the first letters then decide between formats of one size. */
export const SHAPES: readonly { readonly lineCount: number; readonly lineLength: number }[] = [
  { lineCount: 2, lineLength: 44 },
  { lineCount: 3, lineLength: 30 },
  { lineCount: 2, lineLength: 36 },
  { lineCount: 1, lineLength: 30 },
];

/** The layout of lines that have exactly the right number and length; `null` otherwise. */
export function layoutOf(lines: readonly string[]): MrzLayout | null {
  const first = lines[0];
  if (first === undefined) return null;
  for (let i = 1; i < lines.length; i++) if (lines[i]!.length !== first.length) return null;
  return layoutByContent(first, lines.length, first.length);
}

/** The layout for a first line and a size; a first line that is cut or long still names its document. */
export function layoutByContent(first: string, lineCount: number, lineLength: number): MrzLayout | null {
  if (lineCount === 2 && lineLength === 44) return first.startsWith('V') ? MRVA : TD3;
  if (lineCount === 2 && lineLength === 36) return first.startsWith('V') ? MRVB : TD2;
  if (lineLength !== 30) return null;
  if (lineCount === 1) return first.startsWith('CS') ? CS : first.startsWith('CD') ? CD : null;
  return lineCount === 3 ? threeLineLayout(first) : null;
}

function threeLineLayout(first: string): MrzLayout {
  if (!first.startsWith('C')) return TD1;
  const second = first[1];
  if (second === 'R') return CR;
  if (second === 'T') return CT;
  if (second === 'F') return CF;
  // The chip of a one-line card: only the three separators tell its 90 characters from a TD1 of a code like `CS`.
  if (second === 'S' && hasSeparators(first)) return CS_CHIP;
  if (second === 'D' && hasSeparators(first)) return CD_CHIP;
  return TD1;
}

function hasSeparators(first: string): boolean {
  return first[12] === '<' && first[20] === '<' && first[28] === '<';
}
