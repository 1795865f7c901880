import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readMrz } from './read-mrz.ts';
import type { MrzDocument, MrzReading } from './reading.ts';

/** Second tier: a larger set of published samples and edits of them, kept outside the repository. */
const FILE = fileURLToPath(new URL('../../../../shared/data/mrz/cases.jsonl', import.meta.url));
const TODAY = { year: 2026, month: 3, day: 31 };

interface Case {
  readonly id: string;
  readonly lines: readonly string[];
  readonly format: string;
  readonly valid: boolean;
  readonly fields: Readonly<Record<string, string>>;
  readonly checks: Readonly<Record<string, boolean>>;
  readonly repairTo?: readonly string[];
}

const present = existsSync(FILE);
if (!present)
  process.stderr.write('MRZ sample cases are absent (../shared/data/mrz/cases.jsonl): second-tier test skipped\n');
const cases: readonly Case[] = present
  ? readFileSync(FILE, 'utf8')
      .trim()
      .split('\n')
      .map((line): Case => JSON.parse(line))
  : [];

/** Their names of the fields, from ours. Check digits themselves are in `checks` and `problems`. */
function fieldsOf(reading: MrzDocument): Readonly<Record<string, string | null | undefined>> {
  return {
    documentCode: reading.documentCode,
    issuingState: reading.issuingState,
    documentNumber: reading.documentNumber,
    nationality: reading.nationality,
    birthDate: reading.birthDate,
    expirationDate: reading.expiryDate,
    // An unspecified sex is empty here, `<` there.
    sex: reading.sex === '' ? '<' : reading.sex,
    lastName: reading.primaryIdentifier,
    firstName: reading.secondaryIdentifier,
    optional: reading.optionalData,
    optional1: reading.optionalData,
    optional2: reading.optionalData2,
    longNumberInput: reading.longNumberInput,
    renewalCount: reading.permit?.renewalCount,
    birthCentury: reading.permit?.birthCentury,
  };
}

const read = (lines: readonly string[]): MrzReading => readMrz(lines, { today: TODAY });

describe.skipIf(!present)('sample cases', () => {
  test.each(cases.map((sample) => [sample.id, sample] as const))(
    '%s',
    (_id, { lines, format, valid, fields, checks }) => {
      const reading = read(lines);
      expect(reading.valid).toBe(valid);
      expect(reading.format).toBe(format.startsWith('CHN_') ? fields.documentCode : format);
      const ours = reading.format === null ? {} : fieldsOf(reading);
      for (const [name, value] of Object.entries(fields)) if (name in ours) expect(ours[name], name).toBe(value);
      if (Object.keys(checks).length === 0) return;
      const theirs = Object.entries(checks).map(([name, ok]) => [name.replace('expirationDate', 'expiryDate'), ok]);
      expect(Object.fromEntries(reading.checks.map(({ field, ok }) => [field, ok]))).toEqual(
        Object.fromEntries(theirs),
      );
    },
  );

  test('a repair is the expected one or there is none, and most misreadings are repaired', () => {
    let exact = 0;
    for (const { id, lines, repairTo } of cases) {
      const proposed = repairTo === undefined ? null : read(lines).repairTo;
      if (proposed === null) continue;
      expect(proposed, id).toEqual(repairTo);
      exact++;
    }
    expect(exact).toBeGreaterThanOrEqual(31);
  });
});
