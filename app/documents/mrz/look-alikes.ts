import { classOfCode, FILLER_CODE, LETTER } from './characters.ts';
import { checkHolds, findLongNumber } from './check-digits.ts';
import { documentHolds } from './document-holds.ts';
import type { CheckRule, MrzLayout } from './layout.ts';

/** Characters that readers of OCR-B take for one another. The filler is read as K or C, never the other way round. */
const PAIRS = ['O0', 'I1', 'B8', 'S5', 'Z2', 'G6'] as const;
const PARTNER = new Uint8Array(256);
for (const pair of PAIRS) {
  PARTNER[pair.charCodeAt(0)] = pair.charCodeAt(1);
  PARTNER[pair.charCodeAt(1)] = pair.charCodeAt(0);
}
for (const letter of 'KC') PARTNER[letter.charCodeAt(0)] = FILLER_CODE;

/** Why there is no repair: nothing fits, several fit, or the one that fits rests on too little. */
export type LookAlikeOutcome =
  | { readonly kind: 'repaired'; readonly codes: Uint8Array; readonly changed: readonly number[] }
  | { readonly kind: 'none' | 'ambiguous' | 'weak' };

/** More combinations than this are many repairs that hold, or a field nobody can read: refused either way. */
const MAX_COMBINATIONS = 256;

/**
 * Swaps look-alikes until every check digit holds: first where a field's alphabet forces it (a letter in a date), then
 * at most one more in each field whose own check digit still fails, or one anywhere when only the composite fails.
 * The answer is unique or there is none.
 */
export function repairLookAlikes(codes: Uint8Array, layout: MrzLayout): LookAlikeOutcome {
  const base = codes.slice();
  const forced = applyForced(base, layout);
  if (forced === null) return { kind: 'none' };
  if (documentHolds(base, layout))
    return forced.length === 0 ? { kind: 'none' } : { kind: 'repaired', codes: base, changed: forced };

  const long = findLongNumber(base, layout);
  const failing = layout.checks.filter((rule) => !checkHolds(base, rule, long));
  const own = failing.filter(({ field }) => field !== 'composite');
  // The personal number of a passport can fail for its filler digit alone; every other field is covered by its own span.
  const choices =
    own.length === 0
      ? [swapsIn(base, layout, everywhere(layout), (trial) => documentHolds(trial, layout))]
      : own.map((rule) =>
          swapsIn(base, layout, spansOf(rule, base, layout), (trial) => ruleHolds(trial, rule, layout)),
        );

  const solutions = combine(choices, base, layout);
  if (solutions.length === 0) return { kind: 'none' };
  const only = solutions[0]!;
  if (solutions.length > 1) return { kind: 'ambiguous' };
  if (only.some((offset) => !isWellFounded(base, offset, layout, failing.length))) return { kind: 'weak' };
  for (const offset of only) base[offset] = PARTNER[base[offset]!]!;
  return { kind: 'repaired', codes: base, changed: [...forced, ...only].sort((a, b) => a - b) };
}

/** Changes `codes` wherever an alphabet leaves no choice; `null` when a character there has no legal look-alike. */
function applyForced(codes: Uint8Array, layout: MrzLayout): number[] | null {
  const changed: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    const mask = layout.repairMask[i]!;
    if (mask === 0 || (classOfCode(codes[i]!) & mask) !== 0) continue;
    const partner = PARTNER[codes[i]!]!;
    if ((classOfCode(partner) & mask) === 0) return null;
    codes[i] = partner;
    changed.push(i);
  }
  return changed;
}

function ruleHolds(codes: Uint8Array, rule: CheckRule, layout: MrzLayout): boolean {
  return checkHolds(codes, rule, findLongNumber(codes, layout));
}

/** A long document number reaches into the optional field, so its repair may, too. */
function spansOf(rule: CheckRule, codes: Uint8Array, layout: MrzLayout): readonly number[] {
  const isLong = layout.longNumbers && rule.field === 'documentNumber' && codes[rule.digitAt] === FILLER_CODE;
  const { start, end } = layout.at.optionalData;
  return isLong ? [...rule.over, start, end] : rule.over;
}

const everywhere = (layout: MrzLayout): readonly number[] => [0, layout.repairMask.length];

/** Offsets at which one swap, and nothing else, satisfies `holds`. */
function swapsIn(
  codes: Uint8Array,
  layout: MrzLayout,
  over: readonly number[],
  holds: (trial: Uint8Array) => boolean,
): number[] {
  const found: number[] = [];
  for (let pair = 0; pair < over.length; pair += 2) {
    for (let i = over[pair]!; i < over[pair + 1]!; i++) {
      const original = codes[i]!;
      const partner = PARTNER[original]!;
      if ((classOfCode(partner) & layout.repairMask[i]!) === 0) continue;
      codes[i] = partner;
      if (holds(codes)) found.push(i);
      codes[i] = original;
    }
  }
  return found;
}

/** Every way to take one offset from each list such that the whole document holds; stops at two. */
function combine(choices: readonly (readonly number[])[], codes: Uint8Array, layout: MrzLayout): number[][] {
  let combinations: number[][] = [[]];
  for (const offsets of choices) {
    combinations = combinations.flatMap((chosen) => offsets.map((offset) => [...chosen, offset]));
    if (combinations.length > MAX_COMBINATIONS) return combinations.slice(0, 2);
  }
  const solutions: number[][] = [];
  for (const chosen of combinations) {
    const trial = codes.slice();
    for (const offset of chosen) trial[offset] = PARTNER[trial[offset]!]!;
    if (documentHolds(trial, layout)) solutions.push(chosen);
    if (solutions.length > 1) break;
  }
  return solutions;
}

/**
 * One check digit holds by chance one time in ten. A letter read where a digit should be is common, and issuers avoid
 * look-alike letters; so a swap that puts a letter in place of a digit must satisfy two check digits, not one. And a
 * filler belongs at the end of a field.
 */
function isWellFounded(codes: Uint8Array, offset: number, layout: MrzLayout, satisfied: number): boolean {
  const partner = PARTNER[codes[offset]!]!;
  if (partner === FILLER_CODE) {
    const isFieldEnd = layout.fieldAt[offset + 1] !== layout.fieldAt[offset];
    return isFieldEnd || codes[offset + 1] === FILLER_CODE;
  }
  return classOfCode(partner) !== LETTER || satisfied >= 2;
}
