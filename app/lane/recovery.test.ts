import { expect, test } from 'vitest';
import type { ControlAnswer } from '../contract/control-protocol.ts';
import type { ControlWord } from '../contract/crossing.ts';
import { ok } from '../contract/result.ts';
import type { RecordEnding, RecordSnapshot } from '../record/store.ts';
import { endOrphans, type RecoveryServices } from './recovery.ts';

const answer = (word: ControlWord) => ({ body: { word } }) as ControlAnswer;

/** A record as it was left behind, and what recovery makes of it. */
async function endingOf(left: Partial<RecordSnapshot>): Promise<RecordEnding | undefined> {
  const record = {
    recordId: '00000000-0000-4000-8000-000000000001',
    state: 'verified',
    checks: [],
    answers: { exit: null, entry: null },
    lastDoorRelease: null,
    ...left,
  } as unknown as RecordSnapshot;
  const endings: RecordEnding[] = [];
  const services = {
    laneId: 'LANE-1',
    store: {
      live: async () => ok([record]),
      end: async (_id: string, ending: RecordEnding) => {
        endings.push(ending);
        return ok(record);
      },
    },
    diary: { note: async () => undefined },
    doors: {},
  } as unknown as RecoveryServices;
  expect((await endOrphans(services)).ok).toBe(true);
  return endings[0];
}

test('what was not committed and nobody spoke against is abandoned', async () => {
  const abandoned = { type: 'abandoned', code: 'laneRestarted' };
  expect(await endingOf({})).toEqual(abandoned);
  expect(await endingOf({ answers: { exit: answer('clear'), entry: null } })).toEqual(abandoned);
  expect(await endingOf({ state: 'prepared', answers: { exit: answer('clear'), entry: answer('clear') } })).toEqual(
    abandoned,
  );
});

test('what a control had said stands, though the lane died before it acted on it', async () => {
  expect(await endingOf({ answers: { exit: answer('clear'), entry: answer('refuse') } })).toEqual({
    type: 'refused',
    owner: 'entry',
  });
  expect(await endingOf({ answers: { exit: answer('refer'), entry: answer('refuse') } })).toEqual({
    type: 'referred',
    owner: 'exit',
    code: 'exitControlReferred',
    checks: [],
  });
});
