import { expect, it } from 'vitest';
import { toCsv } from './csv.ts';
import { instantsOf, localMinute } from './period.ts';

it('writes what spreadsheets read, and nothing that they would run', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x,"y"', null],
        ['=1+1', -2.5],
      ],
    ),
  ).toBe('\uFEFFa,b\r\n"x,""y""",\r\n\'=1+1,-2.5\r\n');
});

it('gives instants of a period that has one', () => {
  expect(instantsOf({ from: '2026-05-08T10:15', to: '2026-05-08T10:15' })).toBeNull();
  expect(instantsOf({ from: '', to: '2026-05-08T10:15' })).toBeNull();
  const now = Date.parse('2026-05-08T02:15:00Z');
  expect(instantsOf({ from: localMinute(now), to: localMinute(now + 60_000) })).toEqual({
    from: '2026-05-08T02:15:00.000Z',
    to: '2026-05-08T02:16:00.000Z',
  });
});
