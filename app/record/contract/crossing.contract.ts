import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import {
  answer,
  answerBoth,
  asked,
  face,
  identified,
  LANE_ID,
  opening,
  traveller,
  verified,
  walkToAsked,
} from '../crossing.fixture.ts';
import type { RecordFact } from '../store.ts';
import { type ContractBench, refused } from './bench.contract.ts';

/** States in their order, repeated and unknown things, input that nobody may write. */
export function crossingContract(t: ContractBench): void {
  describe('a crossing', () => {
    test('goes through every state, in order, and is there after a restart', async () => {
      const who = traveller();
      const record = opening(who);
      const { recordId } = record;
      const opened = unwrap(await t.store.open(record));
      expect(opened).toMatchObject({ recordId, laneId: LANE_ID, state: 'open', openedAt: t.clock.now().toISOString() });
      expect(unwrap(await t.store.append(recordId, identified(who))).state).toBe('identified');
      t.clock.advance(4_000);
      expect(unwrap(await t.store.append(recordId, verified))).toMatchObject({
        state: 'verified',
        face,
      });
      const question = asked(who, record, t.clock.now());
      const afterAsking = unwrap(await t.store.append(recordId, question));
      expect(afterAsking).toMatchObject({ state: 'verified', evidenceDigest: question.evidenceDigest });
      const walk = { who, record, evidenceDigest: question.evidenceDigest };
      expect((await answerBoth(t.walker, walk)).state).toBe('prepared');
      expect(unwrap(await t.store.commit(recordId)).state).toBe('committed');
      const release: RecordFact = { type: 'lastDoorReleased', door: 3, passagesBefore: 7 };
      expect(unwrap(await t.store.append(recordId, release)).lastDoorRelease).toEqual({ door: 3, passagesBefore: 7 });
      t.clock.advance(3_000);
      const passed = unwrap(await t.store.end(recordId, { type: 'passed', passagesAfter: 8 }));
      expect(passed).toMatchObject({ state: 'passed', endedAt: t.clock.now().toISOString() });
      expect(passed.checks.map(({ id }) => id)).toEqual(['mrzCheckDigits', 'profileAndConsent', 'faceMatch']);
      const again = await t.subject.reopen();
      expect(unwrap(await again.read(recordId))).toEqual(passed);
    });

    test('is prepared only by two clears, whichever comes first', async () => {
      const { record, evidenceDigest } = await walkToAsked(t.walker);
      for (const [side, expected] of [
        ['entry', 'verified'],
        ['exit', 'prepared'],
      ] as const) {
        const signed = answer(t.controls[side], t.clock.now(), { side, recordId: record.recordId, evidenceDigest });
        expect(unwrap(await t.store.append(record.recordId, { type: 'answered', answer: signed })).state).toBe(
          expected,
        );
      }
    });

    test('a repeated opening, a second question and a second answer of a side write nothing', async () => {
      const walk = await walkToAsked(t.walker);
      const { recordId } = walk.record;
      const before = unwrap(await t.store.read(recordId));
      expect(await t.store.open(walk.record)).toEqual(refused('wrongState', { recordId, state: 'verified' }));
      const again = asked(walk.who, walk.record, t.clock.now());
      expect(await t.store.append(recordId, again)).toMatchObject(refused('wrongState'));
      expect(unwrap(await t.store.read(recordId))).toEqual(before);
      await answerBoth(t.walker, walk, { exit: 'refer' });
      const signed = answer(t.controls.exit, t.clock.now(), {
        side: 'exit',
        recordId,
        evidenceDigest: walk.evidenceDigest,
      });
      expect(await t.store.append(recordId, { type: 'answered', answer: signed })).toMatchObject(refused('wrongState'));
      expect(unwrap(await t.store.read(recordId)).answers.exit?.body.word).toBe('refer');
    });

    test('an unknown record is named as such everywhere', async () => {
      const recordId = randomUUID();
      const unknown = refused('unknownRecord', { recordId });
      expect(await t.store.read(recordId)).toEqual(unknown);
      expect(await t.store.append(recordId, verified)).toEqual(unknown);
      expect(await t.store.commit(recordId)).toEqual(unknown);
      expect(await t.store.end(recordId, { type: 'passed', passagesAfter: 1 })).toEqual(unknown);
    });

    test('what no caller may write is refused and leaves nothing behind', async () => {
      const who = traveller();
      const bad = { ...opening(who), documentDigests: ['K12345678'] };
      expect(await t.store.open(bad)).toMatchObject(
        refused('storeFailed', { detail: expect.stringMatching(/^invalid/) }),
      );
      expect(await t.store.read(bad.recordId)).toMatchObject(refused('unknownRecord'));
      const record = opening(who);
      unwrap(await t.store.open(record));
      unwrap(await t.store.append(record.recordId, identified(who)));
      unwrap(await t.store.append(record.recordId, verified));
      const question = asked(who, record, t.clock.now());
      const foreign = asked(who, { ...record, recordId: randomUUID() }, t.clock.now());
      const unclaimed = asked({ ...who, entryDocument: traveller().entryDocument }, record, t.clock.now());
      for (const wrong of [foreign, unclaimed, { ...question, evidenceDigest: '0'.repeat(64) }]) {
        expect(await t.store.append(record.recordId, wrong)).toMatchObject(refused('storeFailed'));
      }
      expect(unwrap(await t.store.read(record.recordId)).evidenceDigest).toBeNull();
    });
  });
}
