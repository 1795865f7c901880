import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { anyContent } from './contents.fixture.ts';
import { readMrz } from './read-mrz.ts';
import type { MrzReading } from './reading.ts';
import { CR_LINES, CS_LINES, MRVB_LINES, TD1_LINES, TD1_LONG_LINES, TD3_LINES } from './specimens.fixture.ts';
import { writeMrz } from './write-mrz.ts';

const read = (lines: readonly string[]): MrzReading => readMrz(lines, { today: { year: 2026, month: 3, day: 31 } });

const UNKNOWN_DAY = unwrap(
  writeMrz({
    format: 'CS',
    documentCode: 'CS',
    issuingState: 'CHN',
    documentNumber: 'C00000000',
    nationality: 'CHN',
    birthDate: '8108<<',
    sex: '',
    expiryDate: '240420',
    primaryIdentifier: '',
    secondaryIdentifier: '',
    optionalData: '',
    optionalData2: '',
    nativeName: null,
    permit: null,
    longNumberInput: null,
  }),
);

test.each([
  ['a letter in a birth date', TD3_LINES, ['740812', '74O8I2']],
  ['a letter for a check digit', TD3_LINES, ['<<<10', '<<<1O']],
  ['a digit for a letter in the number', TD3_LINES, ['L898902C3', 'L898902C3'.replace('0', 'O')]],
  ['a filler read as K at a check digit place', TD1_LONG_LINES, ['D23145890<7349', 'D23145890K7349']],
  ['a separator read as C', CS_LINES, ['4<2404200', '4C2404200']],
  ['the local number of a permit', CR_LINES, ['A1234567842', 'AI234567842']],
  ['letters in both dates of a visa', MRVB_LINES, ['4009078F9612109', '4OO9O78F96I2IO9']],
  ['a filler of an unknown birth day read as K', UNKNOWN_DAY, ['8108<<', '8108KK']],
])('%s is repaired, and each swap listed', (_name, lines, [from, to]) => {
  const original = lines.map((line) => line);
  expect(read(original).valid).toBe(true);
  const damaged = original.map((line) => line.replace(from!, to!));
  const reading = read(damaged);
  expect(reading.valid).toBe(false);
  expect(reading.repairTo).toEqual(original);
  const swapped = [...damaged.join('')].filter((character, i) => character !== original.join('')[i]);
  expect(reading.repairs.map((repair) => repair.from)).toEqual(swapped);
});

test('when two repairs would both hold, there is none', () => {
  // FO0000000: O for the first 0 satisfies the check digit, and so would 0 for another.
  const reading = read(['VCFRASPECIMEN<<SPECIMEN<<<<<<<<<<<<<', 'FO00000005UTO0311063M1401143<M300703']);
  expect(reading).toMatchObject({ valid: false, repairs: [], repairTo: null });
  expect(reading.problems.at(-1)).toMatchObject({ code: 'repairRefused', severity: 'warning', found: 'ambiguous' });
});

test('a letter for a digit on the word of one check digit alone is refused', () => {
  const reading = read(['V<UTOOTHER<FORTYFOUR<<ANNA<NICHOLA<<', 'CCC0143562GBR6001010F2708012OPT<DAT<']);
  expect(reading.problems.at(-1)).toMatchObject({ code: 'repairRefused', found: 'weak' });
  expect(reading.repairTo).toBeNull();
});

test('names and states have no check digit: their look-alikes are never swapped', () => {
  const reading = read([
    'P<UT0ERIK55ON<<ANNA<MAR1A<<<<<<<<<<<<<<<<<<<',
    'L898902C36UTO740BI22F1204159ZE184226B<<<<<10',
  ]);
  expect(reading.repairTo?.[0]).toBe('P<UT0ERIK55ON<<ANNA<MAR1A<<<<<<<<<<<<<<<<<<<');
});

test('a document whose check digits are wrong, not misread, is left alone', () => {
  const reading = read([TD1_LINES[0], '7408122F1204159UTO<<<<<<<<<<<7', TD1_LINES[2]]);
  expect(reading).toMatchObject({ valid: false, repairs: [], repairTo: null });
});

test('a valid document is never changed', () => {
  fc.assert(
    fc.property(anyContent, (content) => {
      const reading = read(unwrap(writeMrz(content)));
      expect(reading).toMatchObject({ valid: true, repairs: [], repairTo: null });
    }),
    { numRuns: 300 },
  );
});

const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', B: '8', S: '5', Z: '2', G: '6' };
for (const [letter, digit] of Object.entries(MISREAD)) Object.assign(MISREAD, { [digit]: letter });

/** What a reader may print for a character: its look-alike, and K or C for a filler. */
const misreadings = (character: string): string[] =>
  character === '<' ? ['K', 'C'] : [MISREAD[character] ?? []].flat();

test('every single look-alike error in a document is undone, refused, or invisible to its check digits', () => {
  const seen = { repaired: 0, refused: 0, invisible: 0 };
  fc.assert(
    fc.property(anyContent, (content) => {
      const original = unwrap(writeMrz(content));
      for (const [index, line] of original.entries()) {
        for (let i = 0; i < line.length; i++) {
          for (const wrong of misreadings(line[i]!)) {
            const damaged = original.with(index, line.slice(0, i) + wrong + line.slice(i + 1));
            const { repairTo, valid } = read(damaged);
            if (repairTo !== null) expect(repairTo).toEqual(original);
            seen[repairTo !== null ? 'repaired' : valid ? 'invisible' : 'refused']++;
          }
        }
      }
    }),
    { numRuns: 60 },
  );
  // The property would also hold for a reader that repairs nothing.
  expect(seen.repaired).toBeGreaterThan(300);
});
