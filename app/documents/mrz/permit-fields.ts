import { FILLER_CODE, ZERO_CODE } from './characters.ts';
import { digitOver } from './check-digits.ts';
import type { MrzLayout, Span } from './layout.ts';
import type { CompositeInput, PermitFields } from './reading.ts';

const CODE_A = 0x41;
const CODE_P = 0x50;

/** The fields that only Chinese cards have; `null` for every other document. */
export function readPermitFields(text: string, codes: Uint8Array, layout: MrzLayout): PermitFields | null {
  const { renewalCount, birthCentury, localId, issuingAuthority, placeOfBirth, nativeName } = layout.at;
  if (layout.issuer === null) return null;
  return {
    renewalCount: present(text, renewalCount),
    birthCentury: birthCentury.start < 0 ? null : centuryOf(codes[birthCentury.start]!),
    localNumber: localId.start < 0 ? null : localNumber(text, codes, layout),
    issuingAuthority: present(text, issuingAuthority),
    placeOfBirth: present(text, placeOfBirth),
    nativeNameOverflow: nativeName.start < 0 ? null : nibbleAt(codes, layout.at.nativeNameOverflow),
    latinNameOverflow: nativeName.start < 0 ? null : nibbleAt(codes, layout.at.latinNameOverflow),
    compositeInput: compositeInput(codes, layout),
  };
}

function present(text: string, { start, end }: Span): string | null {
  if (start < 0) return null;
  const trimmed = withoutTrailingFillers(text.slice(start, end));
  return trimmed === '' ? null : trimmed;
}

/**
 * The number without its check digit where the card has one (CR); with all ten characters where it has none: a Taiwan
 * identity number is a letter and nine digits, of which the last is a check digit of Taiwan's own rule.
 */
function localNumber(text: string, codes: Uint8Array, layout: MrzLayout): string | null {
  const { start, end } = layout.at.localId;
  const hasOwnDigit = layout.checks.some(({ field }) => field === 'localId') || codes[end - 2] === FILLER_CODE;
  return present(text, { start, end: hasOwnDigit ? end - 1 : end });
}

/** Letters count like the nibbles of the Chinese name: A=0, B=1, .. P=15. */
function nibbleAt(codes: Uint8Array, { start }: Span): number | null {
  if (start < 0) return null;
  const code = codes[start]!;
  return code >= CODE_A && code <= CODE_P ? code - CODE_A : null;
}

/** Which of the two composite rules holds; when both do, the one that the published specimens follow. */
function compositeInput(codes: Uint8Array, layout: MrzLayout): CompositeInput | null {
  const rule = layout.checks.find(({ orOver }) => orOver !== null);
  if (rule?.orOver == null) return null;
  const printed = codes[rule.digitAt]! - ZERO_CODE;
  if (digitOver(codes, rule.over) === printed) return 'excl-renewalCount';
  return digitOver(codes, rule.orOver) === printed ? 'incl-renewalCount' : null;
}

/** B = 19xx is documented; C = 20xx follows from it and is seen on cards of the young. */
function centuryOf(code: number): string | null {
  return code === CODE_A + 1 ? '19' : code === CODE_A + 2 ? '20' : null;
}

function withoutTrailingFillers(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '<') end--;
  return text.slice(0, end);
}
