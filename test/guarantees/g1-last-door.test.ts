import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ControlAnswer } from '../../app/contract/control-protocol.ts';
import { SIDES } from '../../app/contract/crossing.ts';
import { ok, unwrap } from '../../app/contract/result.ts';
import { signAnswer } from '../../app/controls/answer-signing.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import { releaseLastDoor } from '../../app/lane/last-door.ts';
import type { JointRecordStore } from '../../app/record/store.ts';
import { flawsOf, readRecords } from './both-sides.ts';
import { FAULTS, only } from './faulty-control.ts';
import { type AskOptions, askControls, type MiniLane, openMiniLane } from './mini-lane.ts';

// G1: no last door opens without two valid, unexpired, signed clears for the same live record, committed on disk.
// Beside this: `app/record/contract/commit.contract.ts` (both stores), `app/lane/last-door.test.ts`, `test/integration/faulty-controls.test.ts`,
// `npm run model-check` (every order of events), `npm run chaos` (kill -9 of a real lane, watched at the door itself).

/** One for the tests that leave clock, keys and disk alone; `freshLane` for the others. */
let lane: MiniLane;
let shared: MiniLane;
let holder = 0;
beforeAll(async () => {
  shared = await openMiniLane();
  lane = shared;
});
afterAll(() => shared.dispose());

async function freshLane(): Promise<void> {
  lane = await openMiniLane();
  onTestFinished(async () => {
    await lane.dispose();
    lane = shared;
  });
}

/** Somebody else each time: who was cleared and stopped is not the next one's concern. */
const ask = (options: AskOptions = {}) => askControls(lane, { holder: holder++, ...options });

/** The product's own way to the last door; tells whether it was opened. */
async function tryDoor(recordId: string, store: JointRecordStore = lane.record.store): Promise<boolean> {
  let opened = false;
  await store.commit(recordId);
  await releaseLastDoor(recordId, 3, {
    store,
    doors: {
      countForward: async () => ok(41),
      openDoor: async () => {
        opened = true;
        return ok();
      },
    },
    clock: lane.clock,
    grantLifeMs: 1_000,
    stillLeaving: () => true,
  });
  return opened;
}

/** The door stayed shut, and both sides' data say that nobody was recorded. */
async function expectShut(recordId: string, store?: JointRecordStore): Promise<void> {
  expect(await tryDoor(recordId, store)).toBe(false);
  expect(flawsOf(lane.data, { told: false })).toEqual([]);
  const record = readRecords(lane.data.record).find((row) => row.recordId === recordId);
  expect(record).toMatchObject({ released: false, clearance: 'none' });
}

test('with two clears it opens: the harness can tell', async () => {
  const { recordId } = await ask();
  expect(await tryDoor(recordId)).toBe(true);
  expect(readRecords(lane.data.record)[0]).toMatchObject({ released: true, clearance: 'standing' });
  unwrap(await lane.record.store.end(recordId, { type: 'passed', passagesAfter: 42 }));
});

describe.each(SIDES)('the %s control', (side) => {
  test.each(Object.entries(FAULTS))('%s: shut', async (_name, fault) => {
    const { recordId, answers } = await ask({ through: only(side, fault), deadlineMs: 150 });
    expect(answers[side].ok).toBe(false);
    await expectShut(recordId);
  });

  test('a lane that writes down what it should have refused is stopped by the record itself', async () => {
    const stranger = createSigningKey().key;
    const { recordId, answers } = await ask();
    const good = unwrap(answers[side]);
    const lies: readonly ControlAnswer[] = [
      signAnswer(good.body, stranger),
      { ...signAnswer(good.body, stranger), keyId: good.keyId },
      { ...good, body: { ...good.body, expiresAt: '2036-01-01T00:00:00.000Z' } },
      // A real clear, of another record.
      unwrap((await ask()).answers[side]),
    ];
    expect(recordId).toBe(good.body.recordId);
    for (const lie of lies) {
      const other = await ask({ unchecked: { [side]: lie } });
      await expectShut(other.recordId);
    }
  });
});

describe('the clock', () => {
  test.each([
    ['forward beyond the expiry', 3_600_000],
    ['back by an hour', -3_600_000],
  ])('is stepped %s between the answers and the door: shut', async (_name, byMs) => {
    await freshLane();
    const { recordId } = await ask();
    lane.clock.advance(byMs);
    await expectShut(recordId);
  });

  test('is stepped forward after the commit: shut, and what was committed is voided on both sides', async () => {
    await freshLane();
    const { recordId } = await ask();
    unwrap(await lane.record.store.commit(recordId));
    lane.clock.advance(3_600_000);
    expect(await tryDoor(recordId)).toBe(false);
    unwrap(await lane.record.store.end(recordId, { type: 'voided', code: 'didNotPass' }));
    await lane.tellAll();
    expect(flawsOf(lane.data, { told: true })).toEqual([]);
  });
});

test('a key that was taken out of use does not open the door with answers it signed before', async () => {
  await freshLane();
  const { recordId } = await ask();
  const next = createSigningKey().key;
  unwrap(
    await lane.record.store.learnControlKeys({ ...lane.keys, exit: [{ keyId: next.keyId, raw: next.publicKeyRaw }] }),
  );
  await expectShut(recordId);
});

test('a full disk at the commit: shut; with room again the same record can be committed, while its clears hold', async () => {
  await freshLane();
  const { recordId } = await ask();
  await lane.record.store.close();
  const small = await lane.record.open({ maxPages: 90 });
  const entry = { event: 'laneStarted', recordId: null, owner: 'port' } as const;
  // To the last free byte: whatever is written next needs a page that is not there.
  for (const length of [190, 60, 0])
    while ((await small.audit({ ...entry, facts: length === 0 ? {} : { filler: 'x'.repeat(length) } })).ok);
  expect(await small.commit(recordId)).toMatchObject({ ok: false, error: { code: 'storeFailed' } });
  expect(await tryDoor(recordId, small)).toBe(false);
  await small.close();
  expect(flawsOf(lane.data, { told: false })).toEqual([]);
  expect(await tryDoor(recordId, await lane.record.open())).toBe(true);
});
