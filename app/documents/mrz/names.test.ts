import { describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { codesOf } from './characters.ts';
import { readName } from './names.ts';
import { decodeNativeName, encodeNativeName } from './native-name.ts';
import { toMrzName } from './transliterate.ts';

describe('identifiers', () => {
  const read = (text: string) => Object.values(readName(text, codesOf(text), 0, text.length));

  test.each([
    ['ERIKSSON<<ANNA<MARIA<<<<', 'ERIKSSON', 'ANNA MARIA'],
    ['VAN<DER<STEEN<<MARIANNE<LOUISE', 'VAN DER STEEN', 'MARIANNE LOUISE'],
    ['STEVENSON<<PETER<<JOHN<<', 'STEVENSON', 'PETER JOHN'],
    ['<SPECIMEN<<BAD<<', 'SPECIMEN', 'BAD'],
    ['ARKFREITH<<<<<', 'ARKFREITH', ''],
    ['ARKFREITH<', 'ARKFREITH', ''],
    ['ABCDE', 'ABCDE', ''],
    ['<<<<', '', ''],
  ])('%s', (text, primary, secondary) => {
    expect(read(text)).toEqual([primary, secondary]);
  });
});

describe('Chinese names', () => {
  test('the specimen: D6A4 BCFE D1F9 B1BE', () => {
    expect(decodeNativeName('NGKELMPONBPJLBLO')).toBe('证件样本');
    expect(encodeNativeName('证件样本')).toEqual({ ok: true, value: 'NGKELMPONBPJLBLO' });
    expect(decodeNativeName('NGKE<<<<<<<<<<<<')).toBe('证');
    expect(decodeNativeName('<<<<')).toBe('');
  });

  test.each(['NGK', 'NGKQ', 'NG<KE', 'EBEB', 'PPPP', 'NGKELM<O'])('%s is no GBK text', (letters) => {
    expect(decodeNativeName(letters)).toBeNull();
  });

  test('every character of GBK that has a code comes back from it', () => {
    const decoder = new TextDecoder('gbk', { fatal: true });
    let count = 0;
    for (let high = 0x81; high <= 0xfe; high++) {
      for (let low = 0x40; low <= 0xfe; low++) {
        if (low === 0x7f) continue;
        let character: string;
        try {
          character = decoder.decode(Uint8Array.of(high, low));
        } catch {
          continue; // Not assigned.
        }
        if (decodeNativeName(unwrap(encodeNativeName(character))) === character) count++;
      }
    }
    // GBK has 21,886 characters; the WHATWG table adds some of the private use area.
    expect(count).toBeGreaterThan(21_800);
  });
});

describe('transliteration (ICAO 9303-3 §6.A)', () => {
  test.each([
    ['Müller', 'MUELLER'],
    ['Ångström', 'AANGSTROEM'],
    ['Weiß', 'WEISS'],
    ['Þórðarson', 'THORDARSON'],
    ['Łukasiewicz', 'LUKASIEWICZ'],
    ["O'Connor", 'OCONNOR'],
    ['Jean-Luc  de la Tour', 'JEAN LUC DE LA TOUR'],
    ['Nguyễn', 'NGUYEN'],
    ['Işık', 'ISIK'],
    ['Œuvre', 'OEUVRE'],
  ])('%s', (name, expected) => {
    expect(toMrzName(name)).toEqual({ ok: true, value: expected });
  });

  test('a script without a table is refused by its first character', () => {
    expect(toMrzName('Anna Ж')).toEqual({ ok: false, error: { code: 'noTransliteration', character: 'Ж' } });
    expect(toMrzName('王')).toMatchObject({ ok: false });
    expect(toMrzName('R2D2')).toMatchObject({ error: { character: '2' } });
  });
});
