import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkDigit } from '../../../app/documents/mrz/check-digits.ts';
import { readCrewCard } from './crew-card.ts';

const TODAY = { year: 2026, month: 3, day: 31 };
const digit = (text: string): string => String(checkDigit(text));

function specimen(number = 'AB1234567'): readonly string[] {
  const front = `${number}${digit(number)}`;
  const birth = `900214${digit('900214')}`;
  const rest = `280101${digit('280101')}X7<`;
  const line2 = `${front}UTO${birth}F${rest}`;
  return ['C<UTOSPECIMEN<<ANNA<MARIA'.padEnd(32, '<'), `${line2}${digit(`${front}${birth}${rest}`)}`];
}

test('the fields and check digits of the new document are read', () => {
  expect(readCrewCard(specimen(), TODAY)).toMatchObject({
    valid: true,
    documentCode: 'C',
    issuingState: 'UTO',
    documentNumber: 'AB1234567',
    primaryIdentifier: 'SPECIMEN',
    secondaryIdentifier: 'ANNA MARIA',
    optionalData: 'X7',
  });
});

test('one changed character of the number is never valid', () => {
  const [first = '', second = ''] = specimen();
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 9 }), (at, more) => {
      const changed = String((Number(second[at]) + more) % 10);
      const line = second.slice(0, at) + changed + second.slice(at + 1);
      expect(readCrewCard([first, line], TODAY).valid).toBe(false);
    }),
  );
});
