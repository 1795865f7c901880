import { err, ok, type Result } from '../../contract/result.ts';

/**
 * Chinese names in the zone: GBK bytes, two letters a byte, each nibble 0..15 written A..P, so four letters a character
 * (GA/T 704; the same code opens the optional field of Chinese e-passports).
 */
const LETTERS_PER_CHARACTER = 4;
const CODE_A = 0x41;
const CODE_P = 0x50;

let decoder: TextDecoder | null = null;
let encoding: ReadonlyMap<string, string> | null = null;

/** Decodes letters A..P, trailing fillers ignored; `null` when they are no GBK text. Empty letters give an empty name. */
export function decodeNativeName(letters: string): string | null {
  let end = letters.length;
  while (end > 0 && letters[end - 1] === '<') end--;
  if (end % LETTERS_PER_CHARACTER !== 0) return null;
  const bytes = new Uint8Array(end / 2);
  for (let i = 0; i < end; i += 2) {
    const high = letters.charCodeAt(i);
    const low = letters.charCodeAt(i + 1);
    if (high < CODE_A || high > CODE_P || low < CODE_A || low > CODE_P) return null;
    bytes[i / 2] = ((high - CODE_A) << 4) | (low - CODE_A);
  }
  // Two bytes a character, the first above 0x80: a lone ASCII byte would decode, and shift every character after it.
  for (let i = 0; i < bytes.length; i += 2) if (bytes[i]! < 0x81 || bytes[i + 1]! < 0x40) return null;
  try {
    decoder ??= new TextDecoder('gbk', { fatal: true });
    return decoder.decode(bytes);
  } catch {
    return null; // A byte pair that GBK does not assign.
  }
}

/** The other way round; an error names the first character that GBK does not have. */
export function encodeNativeName(
  name: string,
): Result<string, { readonly code: 'notInGbk'; readonly character: string }> {
  encoding ??= buildEncoding();
  let letters = '';
  for (const character of name) {
    const four = encoding.get(character);
    if (four === undefined) return err({ code: 'notInGbk', character });
    letters += four;
  }
  return ok(letters);
}

/** The platform decodes GBK and does not encode it: 24,000 decoded pairs make the table, once, when a writer needs it. */
function buildEncoding(): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      const letters = toLetters(high) + toLetters(low);
      const character = decodeNativeName(letters);
      // The first pair that stands for a character is its code; WHATWG's table has a few doubles.
      if (character !== null && [...character].length === 1 && !table.has(character)) table.set(character, letters);
    }
  }
  return table;
}

const toLetters = (byte: number): string => String.fromCharCode(CODE_A + (byte >> 4), CODE_A + (byte & 15));
