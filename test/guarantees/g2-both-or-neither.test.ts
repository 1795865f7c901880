import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Side } from '../../app/contract/crossing.ts';
import { err, unwrap } from '../../app/contract/result.ts';
import type { Control } from '../../app/controls/control.ts';
import type { RecordEnding } from '../../app/record/store.ts';
import { Dice } from '../fuzz/mutate.ts';
import { edit, flawsOf, readControl, readRecords } from './both-sides.ts';
import { askControls, type MiniLane, openMiniLane, releaseAsked } from './mini-lane.ts';

// G2: exit recorded if and only if entry recorded, for ever, whatever crashes. Beside this: the schema's own constraint
// (`clearances` of both stores), `app/record/sqlite/g4-kill.test.ts`, `npm run model-check`, `npm run chaos`.

let lane: MiniLane;
beforeEach(async () => {
  lane = await openMiniLane();
});
afterEach(() => lane.dispose());

/** Acknowledgements get lost after the deed, requests before it, and everything comes twice now and then. */
function unreliable(dice: Dice): (side: Side, control: Control) => Control {
  return (side, control) => ({
    ...control,
    notify: async (notice, key, signal) => {
      const lost = err({ code: 'controlUnreachable', side, detail: 'ECONNRESET' } as const);
      const fate = dice.below(4);
      if (fate === 0) return lost;
      const told = await control.notify(notice, key, signal);
      if (fate === 1) return lost;
      return fate === 2 ? control.notify(notice, key, signal) : told;
    },
  });
}

const ENDINGS: readonly (RecordEnding | 'commitOnly')[] = [
  { type: 'passed', passagesAfter: 42 },
  { type: 'voided', code: 'didNotPass' },
  { type: 'abandoned', code: 'walkedBack' },
  { type: 'referred', owner: 'port', code: 'passageUncertain', checks: [] },
  'commitOnly',
];

test('forty crossings of every ending over a way that loses and repeats, both controls restarted in between: they agree', async () => {
  const dice = new Dice(7);
  for (let n = 0; n < 40; n++) {
    const ending = ENDINGS[n % ENDINGS.length] ?? 'commitOnly';
    const { recordId, stored } = await askControls(lane, { holder: n % 20 });
    const { store } = lane.record;
    if (stored.state === 'prepared' && ending !== 'commitOnly' && ending.type !== 'abandoned') {
      unwrap(await store.commit(recordId));
      unwrap(await releaseAsked(store, recordId));
      unwrap(await store.end(recordId, ending));
    } else if (stored.state === 'prepared' && ending === 'commitOnly') {
      unwrap(await store.commit(recordId));
      unwrap(await store.end(recordId, { type: 'voided', code: 'laneRestarted' }));
    } else {
      unwrap(await store.end(recordId, { type: 'abandoned', code: 'walkedBack' }));
    }
    if (ending !== 'commitOnly' && ending.type === 'referred' && stored.state === 'prepared')
      unwrap(await store.end(recordId, { type: 'resolved', action: 'sentBack', officer: 'P1', reasonCode: 'seen' }));
    if (n % 8 === 3) {
      await lane.tellAll(unreliable(dice));
      await lane.sides.exit.restart();
      await lane.sides.entry.restart();
    }
  }
  await lane.tellAll(unreliable(dice));
  expect(flawsOf(lane.data, { told: true })).toEqual([]);
  const states = readRecords(lane.data.record).map(({ state }) => state);
  for (const state of ['passed', 'voided', 'abandoned', 'resolved']) expect(states).toContain(state);
});

test('the checker finds what it is there to find', async () => {
  const { recordId } = await askControls(lane);
  const { store } = lane.record;
  unwrap(await store.commit(recordId));
  unwrap(await releaseAsked(store, recordId));
  unwrap(await store.end(recordId, { type: 'passed', passagesAfter: 42 }));
  await lane.tellAll();
  expect(flawsOf(lane.data, { told: true })).toEqual([]);
  await store.close();
  await lane.sides.entry.control.close();
  // One side forgets; one side counts twice; one row of the pair is taken away.
  edit(lane.data.controls.entry, `UPDATE crossings SET state = 'voided'`);
  edit(lane.data.controls.exit, 'UPDATE endorsements SET used = used + 1 WHERE used > 0');
  edit(lane.data.record, `PRAGMA foreign_keys = OFF; DELETE FROM clearances WHERE side = 'entry'`);
  const flaws = flawsOf(lane.data, { told: true }).join('\n');
  expect(flaws).toMatch(/entry: .* is passed \(standing\) and voided at the control/);
  expect(flaws).toMatch(/exit: endorsement used 2 times by 1 crossings/);
  expect(flaws).toMatch(/sidesDiffer/);
  await lane.sides.entry.restart();
});

test('one side that is away for hours is told everything when it is back, and then agrees', async () => {
  const { store } = lane.record;
  const ids: string[] = [];
  for (let holder = 0; holder < 5; holder++) {
    const { recordId } = await askControls(lane, { holder });
    unwrap(await store.commit(recordId));
    unwrap(await releaseAsked(store, recordId));
    unwrap(await store.end(recordId, { type: 'passed', passagesAfter: 42 }));
    ids.push(recordId);
  }
  lane.clock.advance(5 * 3_600_000);
  // Its clears have lapsed meanwhile: what it hears now is counted, and an alarm each (never silently).
  unwrap(lane.sides.entry.control.lapseOverdue());
  await lane.tellAll();
  expect(flawsOf(lane.data, { told: true })).toEqual([]);
  expect(readControl(lane.data.controls.entry).map(({ state }) => state)).toEqual(ids.map(() => 'passed'));
  expect(lane.sides.entry.alarms.filter((code) => code === 'commitAfterLapse')).toHaveLength(5);
});
