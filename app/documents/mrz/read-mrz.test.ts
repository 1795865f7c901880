import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMrz, readRepaired } from './read-mrz.ts';
import type { MrzDocument, MrzReading } from './reading.ts';
import {
  CD_LINES,
  CHINESE_PASSPORT_LINES,
  CR_LINES,
  CS_LINES,
  CT_LINES,
  MRVA_LINES,
  MRVB_LINES,
  SPECIMENS,
  TD1_LINES,
  TD1_LONG_LINES,
  TD2_LINES,
  TD3_LINES,
} from './specimens.fixture.ts';

const TODAY = { year: 2026, month: 3, day: 31 };
const read = (lines: readonly string[]): MrzReading => readMrz(lines, { today: TODAY });
const failing = (reading: MrzReading): string[] => reading.checks.filter(({ ok }) => !ok).map(({ field }) => field);

/** The line with one character replaced; `column` counts from 1. */
function withCharacter(lines: readonly string[], line: number, column: number, character: string): string[] {
  return lines.map((text, i) => (i === line - 1 ? text.slice(0, column - 1) + character + text.slice(column) : text));
}

describe('worked examples', () => {
  test('TD3 (ICAO 9303-4 appendix B)', () => {
    expect(read(TD3_LINES)).toEqual({
      format: 'TD3',
      valid: true,
      documentCode: 'P',
      issuingState: 'UTO',
      documentNumber: 'L898902C3',
      nationality: 'UTO',
      birthDate: '740812',
      sex: 'F',
      expiryDate: '120415',
      primaryIdentifier: 'ERIKSSON',
      secondaryIdentifier: 'ANNA MARIA',
      optionalData: 'ZE184226B',
      optionalData2: '',
      nativeName: null,
      birth: { year: 1974, month: 8, day: 12 },
      expiry: { year: 2012, month: 4, day: 15 },
      longNumberInput: null,
      permit: null,
      checks: ['documentNumber', 'birthDate', 'expiryDate', 'personalNumber', 'composite'].map((field) => ({
        field,
        ok: true,
      })),
      problems: [],
      repairs: [],
      repairTo: null,
    });
  });

  test.each([
    ['TD1', TD1_LINES, { documentNumber: 'D23145890', secondaryIdentifier: 'ANNA MARIA', longNumberInput: null }],
    ['TD1', TD1_LONG_LINES, { documentNumber: 'D23145890734', longNumberInput: 'excl-filler', optionalData: '7349' }],
    ['TD2', TD2_LINES, { documentNumber: 'D23145890', nationality: 'UTO' }],
    ['MRVA', MRVA_LINES, { documentNumber: 'L8988901C', nationality: 'XXX', optionalData: '6ZE184226B' }],
    ['MRVB', MRVB_LINES, { documentNumber: 'L8988901C', birth: { year: 1940, month: 9, day: 7 } }],
    ['CS', CS_LINES, { documentNumber: 'C00000000', issuingState: 'CHN', birthDate: '810803', primaryIdentifier: '' }],
    ['CD', CD_LINES, { documentNumber: 'L00000000', expiryDate: '250819' }],
    ['CR', CR_LINES, { documentNumber: 'H12345678', nativeName: '证件样本', optionalData: 'A12345678' }],
    ['CT', CT_LINES, { documentNumber: '00000000', nativeName: '证件样本', secondaryIdentifier: 'YANG BEN' }],
    ['TD3', CHINESE_PASSPORT_LINES, { documentNumber: 'E00000000', nativeName: '证件样', documentCode: 'PO' }],
  ])('%s %j', (format, lines, fields) => {
    expect(read(lines)).toMatchObject({ format, valid: true, problems: [], ...fields });
  });

  test('the fields of the Chinese permits', () => {
    expect(read(CR_LINES)).toMatchObject({
      permit: {
        renewalCount: '00',
        birthCentury: '19',
        localNumber: 'A12345678',
        issuingAuthority: null,
        nativeNameOverflow: 0,
      },
    });
    expect(read(CT_LINES)).toMatchObject({
      permit: {
        renewalCount: '02',
        localNumber: 'R000000000',
        issuingAuthority: '3500',
        compositeInput: 'excl-renewalCount',
      },
    });
  });

  test('the sample of ICAO 9303-10 A.2.1 carries a composite digit that the rule does not give', () => {
    const reading = read([
      'I<NLDXI85935F86999999990<<<<<<',
      '7208148F1108268NLD<<<<<<<<<<<4',
      'VAN<DER<STEEN<<MARIANNE<LOUISE',
    ]);
    expect(reading.valid).toBe(false);
    expect(failing(reading)).toEqual(['composite']);
    expect(reading.problems).toEqual([
      {
        code: 'checkDigitMismatch',
        severity: 'error',
        field: 'composite',
        line: 2,
        column: 30,
        expected: '8',
        found: '4',
      },
    ]);
    expect(reading.repairTo).toBeNull();
  });

  test('Belgian cards count the separator of a long number, ICAO does not: the reading says which rule held', () => {
    const belgian = [
      'IDBEL592211692<1741<<<<<<<<<<<',
      '9003107F2509301BEL900310244094',
      'SPECIMEN<<SPECIMEN<<<<<<<<<<<<',
    ];
    expect(read(belgian)).toMatchObject({
      valid: true,
      documentNumber: '592211692174',
      longNumberInput: 'incl-filler',
    });
  });

  test('the composite of a three-line Chinese card may cover the renewal count: the reading says which rule held', () => {
    const counted = [
      'CT12345678<80392906302F7510245',
      '<<<<<<<<<<<<<<<<<<BA1234567840',
      'LIN<<MEI<LING<<<<<<<<<<<<<0001',
    ];
    expect(read(counted)).toMatchObject({
      valid: true,
      permit: { renewalCount: '03', compositeInput: 'incl-renewalCount' },
    });
    const neither = read([counted[0]!, counted[1]!.replace(/0$/, '1'), counted[2]!]);
    expect(neither).toMatchObject({ valid: false, permit: { compositeInput: null } });
  });

  test('a code like CS on three lines is a TD1 unless the separators of the card are there', () => {
    expect(read(['CSUTOD231458907<<<<<<<<<<<<<<<', ...TD1_LINES.slice(1)])).toMatchObject({
      format: 'TD1',
      valid: true,
    });
  });
});

describe('every check digit, when it is wrong, is the one that is named', () => {
  test.each([
    ['TD3', TD3_LINES, 2, 10, ['documentNumber', 'composite']],
    ['TD3', TD3_LINES, 2, 20, ['birthDate', 'composite']],
    ['TD3', TD3_LINES, 2, 28, ['expiryDate', 'composite']],
    ['TD3', TD3_LINES, 2, 43, ['personalNumber', 'composite']],
    ['TD3', TD3_LINES, 2, 44, ['composite']],
    ['TD1', TD1_LINES, 1, 15, ['documentNumber', 'composite']],
    ['TD1', TD1_LINES, 2, 7, ['birthDate', 'composite']],
    ['TD1', TD1_LINES, 2, 15, ['expiryDate', 'composite']],
    ['TD1', TD1_LINES, 2, 30, ['composite']],
    ['TD1 long', TD1_LONG_LINES, 1, 19, ['documentNumber', 'composite']],
    ['TD2', TD2_LINES, 2, 10, ['documentNumber', 'composite']],
    ['TD2', TD2_LINES, 2, 36, ['composite']],
    ['MRVA', MRVA_LINES, 2, 10, ['documentNumber']],
    ['MRVB', MRVB_LINES, 2, 20, ['birthDate']],
    ['MRVB', MRVB_LINES, 2, 28, ['expiryDate']],
    ['CS', CS_LINES, 1, 12, ['documentNumber', 'composite']],
    ['CS', CS_LINES, 1, 20, ['expiryDate', 'composite']],
    ['CD', CD_LINES, 1, 28, ['birthDate', 'composite']],
    ['CD', CD_LINES, 1, 30, ['composite']],
    ['CR', CR_LINES, 1, 12, ['documentNumber', 'composite']],
    ['CR', CR_LINES, 1, 22, ['expiryDate', 'composite']],
    ['CR', CR_LINES, 1, 30, ['birthDate', 'composite']],
    ['CR', CR_LINES, 2, 29, ['localId', 'composite']],
    ['CT', CT_LINES, 1, 15, ['renewalCount']],
    ['CT', CT_LINES, 2, 30, ['composite']],
  ])('%s %j line %i column %i', (_format, lines, line, column, expected) => {
    const digit = Number(lines[line - 1]![column - 1]);
    const reading = read(withCharacter(lines, line, column, String((digit + 1) % 10)));
    expect(reading.valid).toBe(false);
    expect(failing(reading)).toEqual(expected);
    expect(reading.problems[0]).toMatchObject({ code: 'checkDigitMismatch', line, column });
  });
});

describe('what else makes a document invalid, and what does not', () => {
  const problems = (lines: readonly string[]) =>
    read(lines).problems.map(({ code, field, line, column }) => [code, field, line, column]);

  test('month 13 under a correct check digit', () => {
    const reading = read(['V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<', 'L8988901C4XXX4013077F9612109<<<<<<<<']);
    expect(reading).toMatchObject({ valid: false, birth: null, birthDate: '401307' });
    expect(failing(reading)).toEqual(['birthDateFormat']);
    expect(reading.problems).toMatchObject([{ code: 'invalidDate', field: 'birthDate', line: 2, column: 14 }]);
  });

  test('a digit in a name, a letter that no sex has, a character of no zone', () => {
    expect(problems(withCharacter(TD3_LINES, 1, 8, '1'))).toEqual([['characterNotAllowed', 'name', 1, 8]]);
    expect(problems(withCharacter(TD3_LINES, 2, 21, 'K'))).toEqual([['invalidSex', 'sex', 2, 21]]);
    expect(problems(withCharacter(TD3_LINES, 1, 7, 'É'))).toEqual([['characterNotAllowed', 'name', 1, 7]]);
  });

  test('a character beyond ASCII never passes for the one whose low byte it shares', () => {
    // U+0130 and U+013C end in the bytes of `0` and `<`.
    expect(read(withCharacter(TD3_LINES, 2, 5, '\u0130')).valid).toBe(false);
    expect(read(withCharacter(TD3_LINES, 1, 40, '\u013c')).valid).toBe(false);
  });

  test('unknown states, odd document codes and sex X are said and not judged', () => {
    const odd = read(['X<XYZERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36QQQ7408122X1204159ZE184226B<<<<<10']);
    expect(odd.valid).toBe(true);
    expect(odd.problems.map(({ code, field, severity }) => [code, field, severity])).toEqual([
      ['unknownDocumentCode', 'documentCode', 'warning'],
      ['unknownState', 'issuingState', 'warning'],
      ['unknownState', 'nationality', 'warning'],
      ['sexNotForMrz', 'sex', 'warning'],
    ]);
  });

  test('unknown parts of a birth date stay unknown; an expiry date has none', () => {
    const birth = read([
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'L898902C36UTO74<<<<1F1204159ZE184226B<<<<<12',
    ]);
    expect(birth).toMatchObject({ birthDate: '74<<<<', birth: { year: 1974, month: null, day: null } });
    expect(failing(birth)).not.toContain('birthDateFormat');
    const expiry = read([
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'L898902C36UTO7408122F12<<<<9ZE184226B<<<<<10',
    ]);
    expect(failing(expiry)).toContain('expiryDateFormat');
  });

  test('29 February of a year that has none is said: two digits do not name the century', () => {
    const reading = read(['CSCA00000015<3311307<0102292<8']);
    expect(reading.valid).toBe(true);
    expect(reading.problems).toMatchObject([{ code: 'dayNotInCalendar', severity: 'warning', field: 'birthDate' }]);
  });

  test('an empty personal number may have `<` or 0 as its check digit, another may not', () => {
    const name = 'P<GBRUK<SPECIMEN<<ANGELA<ZOE<<<<<<<<<<<<<<<<';
    expect(read([name, '9992307632GBR9501016F2911272<<<<<<<<<<<<<<02']).valid).toBe(true);
    expect(read([name, '9992307632GBR9501016F2911272<<<<<<<<<<<<<<<2']).valid).toBe(true);
    expect(failing(read([name, '9992307632GBR9501016F2911272A<<<<<<<<<<<<<<2']))).toContain('personalNumber');
  });

  test.each([
    ['CSX000000004<2404200<8108038<6', 'numberPattern'],
    ['CSC000000004<2404200<8108038<6', undefined],
  ])('the number rule of a card is a warning: %s', (line, expected) => {
    expect(read([line]).problems.find(({ code }) => code === 'numberPattern')?.code).toBe(expected);
  });
});

describe('structure', () => {
  const ambiguous = (reading: MrzReading): boolean => reading.problems.some(({ code }) => code === 'repairRefused');

  test.each([
    ['lower case', TD3_LINES.map((line) => line.toLowerCase()), 'lowerCase'],
    [
      'guillemets and spaces for fillers',
      ['P<UTOERIKSSON««ANNA MARIA<<<<<<<<<<<<<<<<<<<', TD3_LINES[1]],
      'characterNotAllowed',
    ],
    [
      'spaces for the last fillers',
      [TD3_LINES[0].replace(/<+$/, (run) => ' '.repeat(run.length)), TD3_LINES[1]],
      'characterNotAllowed',
    ],
    ['a name line one filler short', [TD3_LINES[0].slice(0, -1), TD3_LINES[1]], 'wrongLineLength'],
    ['a name line three fillers long', [`${TD3_LINES[0]}<<<`, TD3_LINES[1]], 'wrongLineLength'],
    ['a filler lost inside the data line', [TD3_LINES[0], TD3_LINES[1].replace('<<<<<', '<<<<')], 'wrongLineLength'],
    [
      'a filler too many inside the data line',
      [TD3_LINES[0], TD3_LINES[1].replace('<<<<<', '<<<<<<')],
      'wrongLineLength',
    ],
    ['the lines in the wrong order', [TD3_LINES[1], TD3_LINES[0]], 'linesOutOfOrder'],
    ['a doubled line', [TD3_LINES[0], TD3_LINES[0], TD3_LINES[1]], 'duplicateLine'],
    ['a broken line', [TD3_LINES[0].slice(0, 20), TD3_LINES[0].slice(20), TD3_LINES[1]], 'lineBroken'],
  ])('%s: not valid as it stands, and repaired', (_name, lines, code) => {
    const reading = read(lines);
    expect(reading).toMatchObject({ format: 'TD3', valid: false, documentNumber: 'L898902C3', repairTo: TD3_LINES });
    expect(reading.problems.map((problem) => problem.code)).toContain(code);
    expect(reading.repairs.length).toBeGreaterThan(0);
    expect(readRepaired(reading, { today: TODAY })).toMatchObject({ valid: true, repairs: reading.repairs });
  });

  test.each(SPECIMENS.filter((lines) => lines.length === 3).map((lines) => [lines]))(
    'three lines in any order: %j',
    (lines) => {
      expect(read([lines[2]!, lines[0]!, lines[1]!])).toMatchObject({ valid: false, repairTo: lines });
    },
  );

  test('a name that was cut cannot be told from a short name: nothing is proposed', () => {
    const reading = read([TD3_LINES[0].slice(0, 22), TD3_LINES[1]]);
    expect(reading).toMatchObject({ format: 'TD3', valid: false, repairTo: null });
    expect(reading.problems).toMatchObject([{ code: 'wrongLineLength', line: 1, expected: '44', found: '22' }]);
  });

  test('a short line and a look-alike together', () => {
    const lines = [TD3_LINES[0].slice(0, -1), TD3_LINES[1].replace('740812', '74O8I2')];
    const reading = read(lines);
    expect(reading.repairTo).toEqual(TD3_LINES);
    expect(reading.repairs.map(({ code, line, column, from, to }) => [code, line, column, from, to])).toEqual([
      ['fillersAdded', 1, 44, '', '<'],
      ['lookAlike', 2, 16, 'O', '0'],
      ['lookAlike', 2, 18, 'I', '1'],
    ]);
  });

  test('text that is no document is said to be none', () => {
    for (const lines of [[], [''], ['HELLO'], ['THE QUICK BROWN FOX', 'JUMPS'], ['ABC123456788<2909129<8503079<4']]) {
      expect(read(lines)).toMatchObject({
        format: null,
        valid: false,
        checks: [],
        problems: [{ code: 'unrecognisedFormat' }],
      });
    }
  });

  test('what is too long is not looked at', () => {
    for (const lines of [['A'.repeat(1_000_000)], new Array<string>(100_000).fill(TD3_LINES[0])]) {
      expect(read(lines).problems.map(({ code }) => code)).toEqual(['unrecognisedFormat', 'inputTooLong']);
    }
  });

  test('never throws, whatever the text; refuses rather than guesses', () => {
    const zoneText = fc.string({ unit: fc.constantFrom(...'ABCIKOPV0123456789<<<<« é'), minLength: 25, maxLength: 50 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), zoneText), { maxLength: 4 }),
        (lines) => {
          const reading = read(lines);
          expect(reading.valid).toBe(false);
          expect(ambiguous(reading) && reading.repairTo !== null).toBe(false);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('the pivot decides centuries, and nothing else changes with it', () => {
    const old = readMrz(MRVB_LINES, { today: { year: 1999, month: 1, day: 1 } }) as MrzDocument;
    expect([old.birth?.year, old.expiry?.year]).toEqual([1940, 1996]);
    expect({ ...old, birth: null, expiry: null }).toEqual({ ...read(MRVB_LINES), birth: null, expiry: null });
  });
});
