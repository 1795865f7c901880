import { expect, it } from 'vitest';
import { documentKind } from './document-kind.ts';

it('tells passports, cards and permits by their lines', () => {
  expect(
    documentKind(['P<UTOERIKSSON<<ANNA<MARIA'.padEnd(44, '<'), 'L898902C36UTO7408122F1204159ZE184226B<<<<<10']),
  ).toBe('passport');
  expect(
    documentKind([
      'I<UTOD231458907<<<<<<<<<<<<<<<',
      '7408122F1204159UTO<<<<<<<<<<<6',
      'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ]),
  ).toBe('card');
  expect(documentKind(['CSC000000004<2404200<8108038<6'])).toBe('permit');
});
