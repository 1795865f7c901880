/** Character codes and classes of the machine-readable zone: A-Z, 0-9 and the filler `<` (ICAO 9303-3 §4.3). */
export const FILLER_CODE = 0x3c;
export const ZERO_CODE = 0x30;

export const LETTER = 1;
export const DIGIT = 2;
export const FILLER = 4;
export const ANY = LETTER | DIGIT | FILLER;

/** Added by a character that has no value: larger than any sum of a whole document, so one comparison finds it. */
export const ILLEGAL_VALUE = 1 << 20;

const CLASS_OF = new Uint8Array(256);
const VALUE_OF = new Int32Array(256).fill(ILLEGAL_VALUE);
for (let digit = 0; digit < 10; digit++) {
  CLASS_OF[ZERO_CODE + digit] = DIGIT;
  VALUE_OF[ZERO_CODE + digit] = digit;
}
for (let letter = 0; letter < 26; letter++) {
  CLASS_OF[0x41 + letter] = LETTER;
  VALUE_OF[0x41 + letter] = letter + 10;
}
CLASS_OF[FILLER_CODE] = FILLER;
VALUE_OF[FILLER_CODE] = 0;

/** `LETTER`, `DIGIT` or `FILLER`; 0 for a character that no machine-readable zone has. */
export function classOfCode(code: number): number {
  return CLASS_OF[code]!;
}

/** A=10 .. Z=35, digits as they are, `<`=0 (ICAO 9303-3 §4.9); `ILLEGAL_VALUE` otherwise. */
export function valueOfCode(code: number): number {
  return VALUE_OF[code]!;
}

/** One byte a character. Anything beyond ASCII becomes 0, which no class contains: it must never alias a legal character. */
export function codesOf(text: string): Uint8Array {
  const codes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) codes[i] = asciiAt(text, i);
  return codes;
}

/**
 * The same into an array that is there already and at least as long as the text. Says, in the one pass over the
 * characters that reading needs anyway, whether each is of a class that `masks` allows at its place.
 */
export function writeCodes(text: string, codes: Uint8Array, masks: Uint8Array): boolean {
  let allAllowed = true;
  for (let i = 0; i < text.length; i++) {
    const code = asciiAt(text, i);
    codes[i] = code;
    if ((CLASS_OF[code]! & masks[i]!) === 0) allAllowed = false;
  }
  return allAllowed;
}

function asciiAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 0x80 ? code : 0;
}

export function textOf(codes: Uint8Array): string {
  return String.fromCharCode(...codes);
}
