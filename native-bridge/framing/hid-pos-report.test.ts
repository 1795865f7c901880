import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodePosReports, POS_REPORT_SIZE, PosReportAssembler } from './hid-pos-report.ts';

const code = fc.tuple(fc.constantFrom(']Q1', ']C1', ']d2'), fc.uint8Array({ maxLength: 400 }));
/** No report of a scanner: wrong size, or no symbology in it. */
const junkReport = fc.uint8Array({ minLength: 1, maxLength: POS_REPORT_SIZE }).filter((bytes) => bytes[2] !== 0x5d);

function heard(groups: readonly (readonly Uint8Array[])[]) {
  const assembler = new PosReportAssembler();
  const found = groups.flatMap((reports) => {
    const told = reports.map((report) => assembler.push(report));
    // The scanner pauses: once for half a code, once more for what was dropped behind it.
    return [...told, assembler.idle(), assembler.idle()].filter((each) => each !== null);
  });
  expect(assembler.pending).toBe(false);
  return {
    codes: found.flatMap((each) => (each.type === 'code' ? [[each.symbology, each.data]] : [])),
    discardedBytes: found.reduce((sum, each) => sum + (each.type === 'problem' ? each.discardedBytes : 0), 0),
  };
}

test('codes round-trip, and junk before, between and after is counted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(junkReport, { maxLength: 4 }), code), { maxLength: 5 }), (items) => {
      const groups = items.flatMap(([junk, [symbology, data]]) => [junk, encodePosReports(2, symbology, data)]);
      const junkBytes = items.flatMap(([junk]) => junk).reduce((sum, { length }) => sum + length, 0);
      expect(heard(groups)).toEqual({ codes: items.map(([, read]) => read), discardedBytes: junkBytes });
    }),
    { numRuns: 200 },
  );
});

// Symptom: the second half of a code whose first half was damaged passed for a code of its own.
test('whichever report of a code is damaged or missing its end, nothing of it is taken for a code', () => {
  const reports = encodePosReports(2, ']Q1', new Uint8Array(200).fill(0x41));
  for (let index = 0; index < reports.length; index += 1) {
    const damaged = reports.map((report, n) => (n === index ? report.slice(0, 30) : report));
    expect(heard([damaged]).codes, `report ${index}`).toEqual([]);
    expect(heard([reports.slice(0, index)]).codes, `cut before ${index}`).toEqual([]);
  }
});

test('whatever comes, less than one code is held', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: POS_REPORT_SIZE }), { maxLength: 200 }), (reports) => {
      const assembler = new PosReportAssembler();
      for (const report of reports) assembler.push(report);
      expect(assembler.heldBytes).toBeLessThanOrEqual(4_096);
    }),
    { numRuns: 50 },
  );
});
