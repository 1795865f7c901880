import { expect, test } from 'vitest';
import { readMrz } from '../documents/mrz/read-mrz.ts';
import { adviceForLines } from './document-advice.ts';

const TODAY = { year: 2026, month: 6, day: 1 };
const SPECIMEN = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F3604155ZE184226B<<<<<16',
] as const;

test.each([
  ['a side without a machine readable zone', ['REPUBLIC OF UTOPIA', 'PASSPORT'], 'wrongSide'],
  ['a digit misread', [SPECIMEN[0], SPECIMEN[1].replace('740812', '740817')], 'unreadable'],
  ['the end of a line cut off', [SPECIMEN[0], SPECIMEN[1].slice(0, 40)], 'tooShort'],
] as const)('%s', (_name, lines, advice) => {
  const reading = readMrz([...lines], { today: TODAY });
  expect(reading.valid).toBe(false);
  expect(adviceForLines(reading.problems.map(({ code }) => code))).toBe(advice);
});
