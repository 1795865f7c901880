import { expect, test } from 'vitest';
import type { CrossingLine } from './soak-messages.ts';
import { judge, type RecordCount, type Sample } from './verdict.ts';

const GOOD: RecordCount = { records: 2_000, half: 0, lost: 0, verified: true };
const lines = (ms: (n: number) => number): CrossingLine[] =>
  Array.from({ length: 2_000 }, (_, number) => ({
    type: 'crossing',
    number,
    scenario: 'clear',
    incident: 'none',
    recordId: `r${number}`,
    outcome: 'passed',
    asExpected: true,
    lastDoorMs: ms(number),
  }));
const samples = (memoryMb: (n: number) => number, handles: (n: number) => number): Sample[] =>
  Array.from({ length: 200 }, (_, index) => ({
    crossing: index * 10,
    memoryMb: memoryMb(index * 10),
    handles: handles(index * 10),
    databaseBytes: index * 10 * 30_000,
  }));
const bad = (...args: Parameters<typeof judge>) => judge(...args).flatMap(({ name, good }) => (good ? [] : [name]));

test('a steady run is good, however much it grew while it warmed up', () => {
  const warm = (n: number) => (n < 900 ? 100 + n / 9 : 200);
  expect(
    bad(
      lines(() => 200),
      samples(warm, () => 40),
      GOOD,
    ),
  ).toEqual([]);
});

test('six percent more memory, two more handles, a slower p95 or a half record is not', () => {
  const steady = samples(
    () => 200,
    () => 40,
  );
  expect(
    bad(
      lines(() => 200),
      samples(
        (n) => (n > 1_800 ? 213 : 200),
        () => 40,
      ),
      GOOD,
    ),
  ).toEqual(['memory, end over warm']);
  expect(
    bad(
      lines(() => 200),
      samples(
        () => 200,
        (n) => 40 + Math.floor(n / 250),
      ),
      GOOD,
    ),
  ).toEqual(['handles, end less warm']);
  expect(
    bad(
      lines((n) => (n > 1_700 ? 250 : 200)),
      steady,
      GOOD,
    ),
  ).toEqual(['p95 to the last door, last third over first']);
  expect(
    bad(
      lines(() => 200),
      steady,
      { ...GOOD, half: 1 },
    ),
  ).toEqual(['half records']);
  expect(
    bad(
      lines(() => 200),
      steady,
      { ...GOOD, verified: false },
    ),
  ).toEqual(['record does not verify']);
});

test('growth counts once a run is long enough for it to be steady', () => {
  const fat = samples(
    () => 200,
    () => 40,
  ).map((sample) => ({ ...sample, databaseBytes: sample.crossing * 90_000 }));
  expect(
    bad(
      lines(() => 200),
      fat,
      GOOD,
    ),
  ).toEqual(['database bytes a crossing']);
  expect(bad(lines(() => 200).slice(0, 900), fat.slice(0, 90), GOOD)).toEqual([]);
});
