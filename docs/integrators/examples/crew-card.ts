import type { CalendarDate } from '../../../app/documents/mrz/calendar-date.ts';
import { defineLayout, type MrzLayout } from '../../../app/documents/mrz/layout.ts';
import { readText } from '../../../app/documents/mrz/read-text.ts';
import type { MrzDocument } from '../../../app/documents/mrz/reading.ts';

/**
 * A made-up crew card with two lines of 32: the document as data, nothing else. Columns are counted from 1 as in the issuer's
 * specification. A real one adds its name to `MRZ_FORMATS` and its layout to `detect.ts`; here the name of a card of ICAO is lent.
 */
export const CREW_CARD: MrzLayout = defineLayout({
  format: 'TD1',
  lineCount: 2,
  lineLength: 32,
  fields: [
    [1, 1, 2, 'letters', 'documentCode'],
    [1, 3, 5, 'letters', 'issuingState'],
    [1, 6, 32, 'letters', 'name'],
    [2, 1, 9, 'mixed', 'documentNumber'],
    [2, 11, 13, 'letters', 'nationality'],
    [2, 14, 19, 'birthDate', 'birthDate'],
    [2, 21, 21, 'mixed', 'sex'],
    [2, 22, 27, 'expiryDate', 'expiryDate'],
    [2, 29, 31, 'mixed', 'optionalData'],
  ],
  checks: [
    { field: 'documentNumber', over: [[2, 1, 9]], digit: [2, 10] },
    { field: 'birthDate', over: [[2, 14, 19]], digit: [2, 20] },
    { field: 'expiryDate', over: [[2, 22, 27]], digit: [2, 28] },
    {
      field: 'composite',
      over: [
        [2, 1, 10],
        [2, 14, 20],
        [2, 22, 31],
      ],
      digit: [2, 32],
    },
  ],
  longNumbers: false,
  maxValidityYears: 10,
});

export function readCrewCard(lines: readonly string[], today: CalendarDate): MrzDocument {
  return readText(lines.join(''), CREW_CARD, today);
}
