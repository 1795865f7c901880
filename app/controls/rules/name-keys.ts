/**
 * Names that are alike get keys that are equal. Keys are compared as keyed hashes, so alikeness has to be worked out
 * before hashing, the same way when an entry is loaded and when a traveller is checked. Meant to find too much rather
 * than too little: a hit is always seen by an officer.
 */

/** Doc 9303-3 §6 writes one letter in several ways (Ä as AE or A, Ø as OE, ß as SS); all of them fold to one. */
const FOLDS: readonly (readonly [RegExp, string])[] = [
  [/[ÄÆ]/g, 'AE'],
  [/[ÖØŒ]/g, 'OE'],
  [/Ü/g, 'UE'],
  [/ß|ẞ/g, 'SS'],
  [/Å/g, 'AA'],
  [/Ð|Đ/g, 'D'],
  [/Þ/g, 'TH'],
  [/Ł/g, 'L'],
];
const DIGRAPHS: readonly (readonly [RegExp, string])[] = [
  [/AE|AA/g, 'A'],
  [/OE/g, 'O'],
  [/UE|UXX/g, 'U'],
];
/** Letters that are mistaken for each other by ear or by transliteration, before vowels are dropped. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/SCH|SZ|TZ|SH|CZ|TS/g, 'S'],
  [/PH/g, 'F'],
  [/CK|CH|KH|GH|Q|C|G/g, 'K'],
  [/TH|DH|D/g, 'T'],
  [/[VWB]/g, 'P'],
  [/[ZX]/g, 'S'],
  [/[IJY]/g, 'Y'],
  [/M/g, 'N'],
];
/** More parts than this are cut in the MRZ anyway, and the number of keys grows with the square. */
const MAX_TOKENS = 6;

/** `ERIKSSON<<ANNA<MARIA`, `Eriksson, Anna-Maria` and `ERIKSSON ANNA MARIA` give the same parts, in order. */
export function nameTokens(name: string): readonly string[] {
  const stripped = fold(name.normalize('NFC').toUpperCase())
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’]/g, '');
  // Again: a letter with two marks (Ǽ) shows what it is only when one of them is off.
  return fold(stripped)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '');
}

function fold(text: string): string {
  return FOLDS.reduce((folded, [from, to]) => folded.replace(from, to), text);
}

/** The exact name as one string, for entries that name a person with the date of birth. */
export function exactNameKey(name: string): string {
  return nameTokens(name).join(' ');
}

/**
 * Keys of names that count as alike: parts in any order, spelt another way or sounding the same, with one part missing.
 * Empty for a name without letters.
 */
export function fuzzyNameKeys(name: string): readonly string[] {
  const tokens = nameTokens(name).slice(0, MAX_TOKENS).map(foldDigraphs);
  if (tokens.length === 0) return [];
  const sounds = tokens.map(soundOf);
  const keys = new Set([`s:${inOrder(tokens)}`, `p:${inOrder(sounds)}`, `j:${soundOf(tokens.join(''))}`]);
  // One part missing: only where two are left, or everybody called LI would be a hit.
  if (sounds.length > 2) {
    for (let left = 0; left < sounds.length; left += 1) keys.add(`p:${inOrder(sounds.toSpliced(left, 1))}`);
  }
  return [...keys];
}

function foldDigraphs(token: string): string {
  return DIGRAPHS.reduce((text, [from, to]) => text.replace(from, to), token);
}

/** First letter kept as its sound, later vowels and doubled sounds dropped. */
function soundOf(token: string): string {
  const sound = SOUNDS.reduce((text, [from, to]) => text.replace(from, to), token);
  const first = sound.slice(0, 1);
  const rest = sound.slice(1).replace(/[AEIOUYH]/g, '');
  return (/[AEIOUYH]/.test(first) ? `A${rest}` : `${first}${rest}`).replace(/(.)\1+/gu, '$1');
}

function inOrder(parts: readonly string[]): string {
  return [...parts].sort().join(' ');
}
