import { classOfCode } from './characters.ts';
import { checkHolds, findLongNumber } from './check-digits.ts';
import { readDate } from './dates.ts';
import type { MrzLayout } from './layout.ts';

/** What a repair must reach: every check digit holds, both dates are dates, the fixed fillers are in place. */
export function documentHolds(codes: Uint8Array, layout: MrzLayout): boolean {
  const { at, repairMask } = layout;
  if (readDate(codes, at.birthDate.start, true) === null) return false;
  if (readDate(codes, at.expiryDate.start, false) === null) return false;
  const long = findLongNumber(codes, layout);
  for (const rule of layout.checks) if (!checkHolds(codes, rule, long)) return false;
  for (let i = 0; i < codes.length; i++) {
    if (repairMask[i] !== 0 && (classOfCode(codes[i]!) & repairMask[i]!) === 0) return false;
  }
  return true;
}
