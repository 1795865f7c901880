import { describe, expect, test } from 'vitest';
import { SIDES } from '../../contract/crossing.ts';
import { unwrap } from '../../contract/result.ts';
import {
  answerBoth,
  LANE_ID,
  opening,
  traveller,
  verified,
  walkThrough,
  walkToAsked,
  walkToCommitted,
} from '../crossing.fixture.ts';
import { receiptSchema, verifyReceipt } from '../receipt.ts';
import type { RecordEnding } from '../store.ts';
import { type ContractBench, refused } from './bench.contract.ts';

/** Asks by writing one: the sequence number a journal line gets now. */
async function nextSeq(t: ContractBench, recordId: string): Promise<number> {
  return unwrap(await t.store.audit({ event: 'laneStarted', recordId, owner: 'port', facts: {} }));
}

/** How records end, and that nothing follows an end. */
export function endingsContract(t: ContractBench): void {
  describe('ends', () => {
    test('passed gives both sides the same receipt, verifiable with the lane’s public key alone', async () => {
      const { record } = await walkThrough(t.walker);
      const receipts = [];
      for (const side of SIDES) {
        const [commit, receipt, ...rest] = await t.outbox(side);
        expect([commit?.notice.step, receipt?.notice.step, rest.length]).toEqual(['commit', 'receipt', 0]);
        receipts.push(receiptSchema.parse(receipt?.notice.detail?.receipt));
      }
      const [exit, entry] = receipts;
      expect(exit).toEqual(entry);
      expect(exit?.body.recordId).toBe(record.recordId);
      expect(verifyReceipt(exit!, t.subject.lanePublicKeyRaw)).toBe(true);
      const forged = { ...exit!, body: { ...exit!.body, passedAt: '2026-03-02T00:00:00.000Z' } };
      expect(verifyReceipt(forged, t.subject.lanePublicKeyRaw)).toBe(false);
    });

    test('voided tells both sides; a passage that comes later is refused', async () => {
      const { record } = await walkToCommitted(t.walker);
      const { recordId } = record;
      unwrap(await t.store.end(recordId, { type: 'voided', code: 'didNotPass' }));
      for (const side of SIDES) {
        const steps = (await t.outbox(side)).map(({ notice }) => [notice.step, notice.detail?.code]);
        expect(steps).toEqual([
          ['commit', undefined],
          ['void', 'didNotPass'],
        ]);
      }
      const passed: RecordEnding = { type: 'passed', passagesAfter: 9 };
      const late = refused('wrongState', { recordId, state: 'voided', late: true });
      const before = await nextSeq(t, recordId);
      expect(await t.store.end(recordId, passed)).toEqual(late);
      expect(await t.store.end(recordId, passed)).toEqual(late);
      const release = { type: 'lastDoorReleased', door: 3, passagesBefore: 1 } as const;
      expect(await t.store.append(recordId, release)).toEqual(late);
      // `lateReceiptAlarm` once, and the line that is counted by itself.
      expect(await nextSeq(t, recordId)).toBe(before + 2);
      expect(await t.state(recordId)).toBe('voided');
    });

    test('nobody passes a door that was not released for the record', async () => {
      const { record } = await walkToCommitted(t.walker);
      const { recordId } = record;
      const passed = await t.store.end(recordId, { type: 'passed', passagesAfter: 42 });
      expect(passed).toEqual(refused('wrongState', { recordId, state: 'committed' }));
      unwrap(await t.store.end(recordId, { type: 'referred', owner: 'port', code: 'passageUncertain', checks: [] }));
      expect(await t.store.end(recordId, { type: 'passed', passagesAfter: null })).toMatchObject(refused('wrongState'));
      expect((await t.outbox('exit')).map(({ notice }) => notice.step)).toEqual(['commit']);
    });

    test('the last door is released once: the same again changes nothing, another door or counter is refused', async () => {
      const { record } = await walkToCommitted(t.walker);
      const { recordId } = record;
      const release = { type: 'lastDoorReleased', door: 3, passagesBefore: 41 } as const;
      unwrap(await t.store.append(recordId, release));
      const before = await nextSeq(t, recordId);
      expect(unwrap(await t.store.append(recordId, release)).lastDoorRelease).toEqual({ door: 3, passagesBefore: 41 });
      for (const other of [
        { ...release, door: 2 },
        { ...release, passagesBefore: 42 },
      ]) {
        expect(await t.store.append(recordId, other)).toEqual(refused('wrongState', { recordId, state: 'committed' }));
      }
      expect(await nextSeq(t, recordId)).toBe(before + 1);
      expect(unwrap(await t.store.read(recordId)).lastDoorRelease).toEqual({ door: 3, passagesBefore: 41 });
    });

    test('an end without a commit takes back the clear of a side, and tells nothing to a side that gave none', async () => {
      const walk = await walkToAsked(t.walker);
      await answerBoth(t.walker, walk, { entry: 'refuse' });
      unwrap(await t.store.end(walk.record.recordId, { type: 'refused', owner: 'entry' }));
      expect((await t.outbox('exit')).map(({ notice }) => notice.step)).toEqual(['void']);
      expect(await t.outbox('entry')).toEqual([]);
    });

    test('nothing follows an end', async () => {
      const { record } = await walkThrough(t.walker);
      const endings: readonly RecordEnding[] = [
        { type: 'passed', passagesAfter: 42 },
        { type: 'voided', code: 'didNotPass' },
        { type: 'abandoned', code: 'walkedBack' },
        { type: 'refused', owner: 'exit' },
        { type: 'referred', owner: 'port', code: 'tailgating', checks: [] },
        { type: 'resolved', action: 'sentBack', officer: 'officer-1', reasonCode: 'checked' },
      ];
      for (const ending of endings) {
        const result = await t.store.end(record.recordId, ending);
        expect(result, ending.type).toMatchObject(refused('wrongState', { state: 'passed' }));
      }
      expect(await t.store.append(record.recordId, verified)).toMatchObject(refused('wrongState'));
    });

    test('nothing is voided or passed before it is committed', async () => {
      const walk = await walkToAsked(t.walker);
      await answerBoth(t.walker, walk);
      const { recordId } = walk.record;
      expect(await t.store.end(recordId, { type: 'voided', code: 'didNotPass' })).toMatchObject(refused('wrongState'));
      expect(await t.store.end(recordId, { type: 'passed', passagesAfter: 1 })).toMatchObject(refused('wrongState'));
    });

    test('a referral stays live until an officer resolves it', async () => {
      const who = traveller();
      const record = opening(who);
      unwrap(await t.store.open(record));
      const referral: RecordEnding = { type: 'referred', owner: 'exit', code: 'notEnrolled', checks: [] };
      const snapshot = unwrap(await t.store.end(record.recordId, referral));
      expect(snapshot).toMatchObject({ state: 'referred', endedAt: null });
      expect(snapshot.referral).toEqual({ owner: 'exit', code: 'notEnrolled' });
      expect(unwrap(await t.store.live(LANE_ID)).map(({ recordId }) => recordId)).toEqual([record.recordId]);
      expect(await t.store.open(opening(who))).toMatchObject(refused('duplicateDocument'));
      const ending: RecordEnding = {
        type: 'resolved',
        action: 'sentBack',
        officer: 'exit-7',
        reasonCode: 'notEnrolled',
      };
      expect(unwrap(await t.store.end(record.recordId, ending)).state).toBe('resolved');
      expect(unwrap(await t.store.live(LANE_ID))).toEqual([]);
      unwrap(await t.store.open(opening(who)));
    });

    test('a referral after the commit leaves both sides standing; resolving it voids both', async () => {
      const { record } = await walkToCommitted(t.walker);
      const { recordId } = record;
      unwrap(await t.store.end(recordId, { type: 'referred', owner: 'port', code: 'passageUncertain', checks: [] }));
      expect(await t.outbox('exit')).toHaveLength(1);
      unwrap(
        await t.store.end(recordId, { type: 'resolved', action: 'sentBack', officer: 'port-1', reasonCode: 'seen' }),
      );
      for (const side of SIDES) {
        expect((await t.outbox(side)).map(({ notice }) => notice.step)).toEqual(['commit', 'void']);
      }
    });

    test('an officer who has seen the passage can still close an uncertain one as passed', async () => {
      const { record } = await walkToCommitted(t.walker);
      const { recordId } = record;
      unwrap(await t.store.append(recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 1 }));
      unwrap(await t.store.end(recordId, { type: 'referred', owner: 'port', code: 'passageUncertain', checks: [] }));
      expect(unwrap(await t.store.end(recordId, { type: 'passed', passagesAfter: null })).state).toBe('passed');
      expect((await t.outbox('entry')).map(({ notice }) => notice.step)).toEqual(['commit', 'receipt']);
    });

    test('a refusal belongs to its side and needs no clearance', async () => {
      const walk = await walkToAsked(t.walker);
      await answerBoth(t.walker, walk, { entry: 'refuse' });
      expect(unwrap(await t.store.end(walk.record.recordId, { type: 'refused', owner: 'entry' })).state).toBe(
        'refused',
      );
    });
  });
}
