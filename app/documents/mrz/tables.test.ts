import { describe, expect, test } from 'vitest';
import { codesOf } from './characters.ts';
import {
  hkidCheckCharacter,
  isEepNumber,
  isHomeReturnPermitNumber,
  isNonChinesePermitNumber,
  isValidHkid,
  numberFitsCard,
} from './number-rules.ts';
import { isKnownState, stateCodeKind } from './state-codes.ts';

describe('state codes (ICAO 9303-3 §5)', () => {
  const known = (code: string) => isKnownState(codesOf(code), 0);

  test.each([
    'UTO',
    'D<<',
    'CHN',
    'HKG',
    'MAC',
    'TWN',
    'GBD',
    'GBN',
    'GBO',
    'GBP',
    'GBS',
    'EUE',
    'UNO',
    'UNA',
    'UNK',
    'XXA',
    'XXB',
  ])('%s is known', (code) => {
    expect(known(code)).toBe(true);
  });
  test.each(['XXC', 'XXX', 'XPO', 'XOM', 'XBA', 'XIM', 'XCC', 'XCO', 'XEC', 'RKS', 'ATA', 'HMD'])(
    '%s is known',
    (code) => {
      expect(known(code)).toBe(true);
    },
  );
  test.each(['XYZ', 'BAD', 'DEU', 'D<A', '<<<', 'UT0', '<UT', 'uto', '\u0000\u0000\u0000'])('%j is not', (code) => {
    expect(known(code)).toBe(false);
  });

  test('kinds, and 248 states: ISO 3166-1 without DEU', () => {
    expect(stateCodeKind('D')).toBe('state');
    expect(stateCodeKind('XPO')).toBe('organisation');
    expect(stateCodeKind('UTO')).toBe('specimen');
    expect(stateCodeKind('QQQ')).toBeNull();
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const all = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
    const extra = ['RKS', 'XXK'];
    expect(all.filter((code) => stateCodeKind(code) === 'state' && !extra.includes(code))).toHaveLength(248);
    // The table that reading uses and the list say the same of every code.
    expect(all.filter((code) => known(code) !== (stateCodeKind(code) !== null))).toEqual([]);
  });
});

describe('numbers of Chinese cards', () => {
  test('EEP: C and 8 digits, or C, a letter other than I and O, and 7 digits', () => {
    for (const number of ['C00000000', 'CA0000001', 'CZ1234567']) expect(isEepNumber(number)).toBe(true);
    for (const number of ['CI1234567', 'CO1234567', 'C1234567', 'D12345678', 'CA12345678', 'CAA234567']) {
      expect(isEepNumber(number)).toBe(false);
    }
  });

  test('permits', () => {
    expect(isHomeReturnPermitNumber('H12345678')).toBe(true);
    expect(isHomeReturnPermitNumber('M1234567')).toBe(false);
    expect(isNonChinesePermitNumber('HA0000015')).toBe(true);
    expect(isNonChinesePermitNumber('MA00000')).toBe(false);
    expect(numberFitsCard('CR', 'HA0000015')).toBe(true);
    expect(numberFitsCard('CF', 'H12345678')).toBe(false);
    expect(numberFitsCard('TD3', 'ANYTHING')).toBeNull();
  });

  test.each(['A123456(3)', 'G123456(A)', 'a1234563', 'C 123456 (9)', 'AB987654(3)', 'K000000(0)'])(
    'HKID %s holds',
    (text) => {
      expect(isValidHkid(text)).toBe(true);
    },
  );
  test.each(['A123456(4)', 'G123456(1)', 'A12345(3)', 'ABC123456(3)', 'A123456', 'A123456(B)', 'A123456(3', ''])(
    'HKID %s does not',
    (text) => {
      expect(isValidHkid(text)).toBe(false);
    },
  );
  test('every digit of an HKID counts: changing one changes the check character', () => {
    const body = 'A123456';
    for (let i = 1; i < body.length; i++) {
      for (const digit of '0123456789') {
        if (digit === body[i]) continue;
        expect(hkidCheckCharacter(body.slice(0, i) + digit + body.slice(i + 1))).not.toBe('3');
      }
    }
  });
});
