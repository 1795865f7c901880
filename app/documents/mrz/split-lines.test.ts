import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CS_LINES, SPECIMENS, TD1_LINES, TD3_LINES } from './specimens.fixture.ts';
import { splitMrzLines } from './split-lines.ts';

const SENT: readonly (readonly [string, (lines: readonly string[]) => string])[] = [
  ['CR', (lines) => `${lines.join('\r')}\r`],
  ['LF', (lines) => lines.join('\n')],
  ['CRLF', (lines) => `${lines.join('\r\n')}\r\n`],
  ['nothing between', (lines) => lines.join('')],
  ['STX and ETX around', (lines) => `\u0002${lines.join('\r')}\u0003`],
  ['spaces at the ends', (lines) => lines.map((line) => `  ${line} `).join('\n\n')],
];

test.each(SENT)('lines as scanners send them: %s', (_name, send) => {
  for (const lines of SPECIMENS) expect(splitMrzLines(send(lines))).toEqual(lines);
});

test('the 90 characters of a one-line card’s chip are three lines for the reader', () => {
  expect(splitMrzLines(CS_LINES[0] + '<'.repeat(60))).toEqual([CS_LINES[0], '<'.repeat(30), '<'.repeat(30)]);
});

test('what is inside a line stays, also when it should not be there', () => {
  expect(splitMrzLines('P<uto ER«X')).toEqual(['P<uto ER«X']);
});

test('spaces that stand for the last fillers stay, so that the line keeps its length', () => {
  const spaced = TD3_LINES.map((line) => line.replace(/<+$/, (fillers) => ' '.repeat(fillers.length)));
  expect(splitMrzLines(spaced.join('\r\n'))).toEqual(spaced);
});

test('an endless line is cut to a length that the reader refuses', () => {
  const [line] = splitMrzLines('A'.repeat(1_000_000));
  expect(line).toHaveLength(1000);
});

test('any split of the bytes into lines keeps every legal character, in order', () => {
  const separators = fc.constantFrom('\r', '\n', '\r\n', '\u0002\r', '');
  fc.assert(
    fc.property(
      fc.constantFrom(TD3_LINES, TD1_LINES),
      fc.array(separators, { minLength: 3, maxLength: 3 }),
      (lines, between) => {
        const text = lines.map((line, i) => line + between[i]!).join('');
        expect(splitMrzLines(text).join('')).toBe(lines.join(''));
      },
    ),
  );
});
