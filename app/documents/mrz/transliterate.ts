import { err, ok, type Result } from '../../contract/result.ts';

/**
 * Latin letters that are not a letter with a mark, in the spelling that ICAO 9303-3 §6.A recommends first. Marked letters
 * not listed lose their mark.
 */
const SPELLINGS: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Å: 'AA',
  Æ: 'AE',
  Ð: 'D',
  Đ: 'D',
  Ə: 'E',
  Ħ: 'H',
  Ĳ: 'IJ',
  ĸ: 'Q',
  Ł: 'L',
  Ŋ: 'N',
  Ö: 'OE',
  Ø: 'OE',
  Œ: 'OE',
  ẞ: 'SS',
  Þ: 'TH',
  Ŧ: 'T',
  Ü: 'UE',
};

/** Left out in the zone; a hyphen becomes a space, that is a filler (ICAO 9303-3 §4.6). */
const DROPPED = new Set(["'", '’', 'ʼ', '`', '.', ',', '·']);
const AS_SPACE = new Set(['-', '‐', '‑', '–', ' ']);

/**
 * A name as the zone writes it: A-Z and single spaces. An error names the first character of a script that has no
 * transliteration here (Cyrillic, Arabic and Chinese names come transliterated from their issuers).
 */
export function toMrzName(
  name: string,
): Result<string, { readonly code: 'noTransliteration'; readonly character: string }> {
  let result = '';
  for (const character of name.normalize('NFC').replaceAll('ß', 'ẞ').replaceAll('ı', 'I').toUpperCase()) {
    if (DROPPED.has(character)) continue;
    const plain = AS_SPACE.has(character) ? ' ' : (SPELLINGS[character] ?? withoutMarks(character));
    if (!/^[A-Z ]*$/.test(plain)) return err({ code: 'noTransliteration', character });
    result += plain;
  }
  return ok(result.replaceAll(/ +/g, ' ').trim());
}

const withoutMarks = (character: string): string => character.normalize('NFD').replaceAll(/\p{M}/gu, '');
