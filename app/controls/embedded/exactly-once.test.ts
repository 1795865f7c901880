import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOTICE_STEPS } from '../../contract/control-protocol.ts';
import { unwrap } from '../../contract/result.ts';
import {
  type ControlBench,
  fieldRules,
  openBench,
  specimenNotice,
  specimenRequest,
  specimenSeed,
} from '../test-kit.ts';

// Whatever order prepares, notices, repeats and waiting come in: the counters are what the crossings' states say.

let bench: ControlBench;
let holderCount = 0;
beforeAll(async () => {
  const rules = fieldRules('exit');
  bench = await openBench('exit', {
    rules: { ...rules, presence: { ...rules.presence, enforced: false, whenUnderWay: 'accept' } },
  });
});
afterAll(() => bench.dispose());

const RECORDS = 5;
const ENTRIES = 3;
const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('prepare' as const), record: fc.nat(RECORDS - 1) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom(...NOTICE_STEPS), record: fc.nat(RECORDS - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), record: fc.constant(0) }) },
);

function figures(database: Database.Database, records: readonly string[]) {
  const marks = records.map(() => '?').join(',');
  const rows = database
    .prepare(`SELECT state, word, held, endorsement FROM crossings WHERE record_id IN (${marks})`)
    .all(...records) as { state: string; word: string | null; held: number; endorsement: string | null }[];
  return rows;
}

test('an entry is used exactly by the crossings that stand, and never more are cleared than there are', () => {
  const database = new Database(join(bench.dataDir, 'control-exit.sqlite'), { readonly: true });
  fc.assert(
    fc.property(fc.array(stepArbitrary, { minLength: 3, maxLength: 25 }), (steps) => {
      holderCount += 1;
      const number = `C${holderCount}`;
      const [holder] = specimenSeed().holders;
      unwrap(
        bench.control.seed(
          specimenSeed({
            id: number,
            documents: [{ kind: 'exitEntryPermit', issuingState: 'CHN', number }],
            endorsements: [{ ...holder!.endorsements[0]!, id: `e-${number}`, entries: ENTRIES }],
          }),
        ),
      );
      const alarmsBefore = bench.alarms.length;
      const requests = Array.from({ length: RECORDS }, () =>
        specimenRequest('exit', { atMs: bench.clock.nowMs(), document: { number } }),
      );
      const records = requests.map(({ evidence }) => evidence.recordId);
      for (const step of steps) {
        const request = requests[step.record]!;
        const { recordId } = request.evidence;
        if (step.do === 'wait') bench.clock.advance(130_000);
        else if (step.do === 'prepare') bench.control.handlePrepare(request);
        // The same instant at every repeat: a notice told again is the same notice.
        else unwrap(bench.control.handleNotice(specimenNotice('exit', step.do, recordId), `${recordId}:${step.do}`));
      }
      const rows = figures(database, records);
      const used = database.prepare('SELECT used FROM endorsements WHERE id = ?').pluck().get(`e-${number}`) as number;
      const standing = rows.filter(({ held }) => held === 1);
      expect(used).toBe(standing.length);
      for (const { state, word, held, endorsement } of rows) {
        if (held === 1) expect([word, endorsement]).toEqual(['clear', `e-${number}`]);
        if (['voided', 'lapsed'].includes(state)) expect(held).toBe(0);
        if (['committed', 'passed'].includes(state)) expect(held).toBe(1);
      }
      // More than there are can only stand when a commit came after its clearance had lapsed: always an alarm.
      const late = bench.alarms.slice(alarmsBefore).includes('commitAfterLapse');
      if (!late) expect(used).toBeLessThanOrEqual(ENTRIES);
    }),
    { numRuns: 120 },
  );
  database.close();
}, 30_000);
