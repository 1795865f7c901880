import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { icaoContent, longNumberContent, oneLineContent, permitContent } from './contents.fixture.ts';
import { readMrz } from './read-mrz.ts';
import type { MrzDocument, MrzReading } from './reading.ts';
import { type MrzContent, writeMrz } from './write-mrz.ts';

const TODAY = { year: 2026, month: 3, day: 31 };
const read = (lines: readonly string[]): MrzReading => readMrz(lines, { today: TODAY });

/** The fields that were written, of a reading. */
function contentOf(reading: MrzReading, like: MrzContent): Partial<MrzDocument> {
  if (reading.format === null) return {};
  const keys = Object.keys(like) as (keyof MrzContent)[];
  return Object.fromEntries(keys.map((key) => [key, reading[key]]));
}

test.each([
  ['ICAO documents', icaoContent],
  ['one-line Chinese cards', oneLineContent],
  ['three-line Chinese cards', permitContent],
])('%s: reading what was written gives what was meant', (_name, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, (content) => {
      const reading = read(unwrap(writeMrz(content)));
      expect(reading.valid).toBe(true);
      expect(contentOf(reading, content)).toEqual(content);
    }),
    { numRuns: 400 },
  );
});

test('numbers longer than their field come back whole, under the check digit rule they were written with', () => {
  fc.assert(
    fc.property(longNumberContent, (content) => {
      const reading = read(unwrap(writeMrz(content)));
      expect(reading).toMatchObject({ valid: true, documentNumber: content.documentNumber });
      // Both rules can hold at once; then the reader names ICAO's.
      if (reading.format !== null) expect(['excl-filler', content.longNumberInput]).toContain(reading.longNumberInput);
      const again = unwrap(writeMrz(reading as MrzDocument));
      expect(contentOf(read(again), content)).toEqual(contentOf(reading, content));
    }),
    { numRuns: 200 },
  );
});

const PASSPORT: MrzContent = {
  format: 'TD3',
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
  permit: null,
  longNumberInput: null,
};

test('the ICAO specimen is written letter by letter', () => {
  expect(writeMrz(PASSPORT)).toEqual({
    ok: true,
    value: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
  });
});

test('the chip of a one-line card holds 90 characters that read back as the card', () => {
  const card: MrzContent = {
    ...PASSPORT,
    format: 'CS',
    documentCode: 'CS',
    issuingState: 'CHN',
    nationality: 'CHN',
    documentNumber: 'C00000000',
    primaryIdentifier: 'ZHENGJIAN',
    secondaryIdentifier: 'YANGBEN',
    optionalData: '',
    nativeName: '证件样',
  };
  const lines = unwrap(writeMrz(card, { onChip: true }));
  expect(lines.map((line) => line.length)).toEqual([30, 30, 30]);
  expect(read(lines)).toMatchObject({
    format: 'CS',
    valid: true,
    nativeName: '证件样',
    sex: 'F',
    secondaryIdentifier: 'YANGBEN',
  });
});

test.each([
  ['a number without room', { documentNumber: 'L898902C34' }, { code: 'tooLong', field: 'documentNumber', maximum: 9 }],
  ['a name without room', { primaryIdentifier: 'A'.repeat(40) }, { code: 'tooLong', field: 'name', maximum: 39 }],
  ['a name with two spaces', { primaryIdentifier: 'VAN  DAMME' }, { code: 'notRepresentable', field: 'name' }],
  ['a trailing filler', { documentNumber: 'L8989<' }, { code: 'notRepresentable', field: 'documentNumber' }],
  ['month 13', { birthDate: '741312' }, { code: 'notValid' }],
  ['a digit in a name', { primaryIdentifier: 'ER1KSSON' }, { code: 'notValid' }],
  ['a letter outside A-Z', { primaryIdentifier: 'MÜLLER' }, { code: 'notValid' }],
])('%s is refused, not bent', (_name, change, error) => {
  expect(writeMrz({ ...PASSPORT, ...change })).toMatchObject({ ok: false, error });
});

test('a Chinese character that GBK lacks is named', () => {
  const content = { ...PASSPORT, format: 'CR', documentCode: 'CR', nationality: 'CHN', nativeName: '证𠮷' } as const;
  expect(writeMrz(content)).toEqual({ ok: false, error: { code: 'notInGbk', field: 'nativeName', character: '𠮷' } });
});
