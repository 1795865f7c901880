import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ControlAnswer } from '../contract/control-protocol.ts';
import { SIDES } from '../contract/crossing.ts';
import { unwrap } from '../contract/result.ts';
import { createSigningKey } from '../crypto/signing.ts';
import {
  ANSWER_LIFE_MS,
  answer,
  answerBoth,
  asked,
  type Controls,
  createControls,
  type FakeClock,
  face,
  fakeClock,
  identified,
  LANE_ID,
  opening,
  traveller,
  verified,
  type Walker,
  walkThrough,
  walkToAsked,
  walkToCommitted,
} from './crossing.fixture.ts';
import { receiptSchema, verifyReceipt } from './receipt.ts';
import type { JointRecordStore, RecordEnding, RecordFact, StoreError } from './store.ts';

export interface ContractSubject {
  readonly store: JointRecordStore;
  readonly lanePublicKeyRaw: string;
  /** The same data through a new store: what a restart sees. */
  reopen(): Promise<JointRecordStore>;
  dispose(): Promise<void>;
}

/** What every `JointRecordStore` must do, whatever it is built on. Run by the SQLite and by the PostgreSQL store. */
export function describeRecordStore(
  name: string,
  create: (setup: { readonly clock: FakeClock; readonly controls: Controls }) => Promise<ContractSubject>,
): void {
  describe(`joint record store contract: ${name}`, () => {
    let clock: FakeClock;
    let controls: Controls;
    let subject: ContractSubject;
    let store: JointRecordStore;
    let walker: Walker;

    beforeEach(async () => {
      clock = fakeClock();
      controls = createControls();
      subject = await create({ clock, controls });
      store = subject.store;
      walker = { store, clock, controls };
    });
    afterEach(() => subject.dispose());

    const refused = (code: StoreError['code'], more: object = {}) => ({ ok: false, error: { code, ...more } });
    const state = async (recordId: string) => unwrap(await store.read(recordId)).state;
    const outbox = async (side: 'exit' | 'entry') => unwrap(await store.outbox(side, 100));

    describe('a crossing', () => {
      test('goes through every state, in order, and is there after a restart', async () => {
        const who = traveller();
        const record = opening(who);
        const { recordId } = record;
        const opened = unwrap(await store.open(record));
        expect(opened).toMatchObject({ recordId, laneId: LANE_ID, state: 'open', openedAt: clock.now().toISOString() });
        expect(unwrap(await store.append(recordId, identified(who))).state).toBe('identified');
        clock.advance(4_000);
        expect(unwrap(await store.append(recordId, verified))).toMatchObject({
          state: 'verified',
          face,
        });
        const question = asked(who, record, clock.now());
        const afterAsking = unwrap(await store.append(recordId, question));
        expect(afterAsking).toMatchObject({ state: 'verified', evidenceDigest: question.evidenceDigest });
        const walk = { who, record, evidenceDigest: question.evidenceDigest };
        expect((await answerBoth(walker, walk)).state).toBe('prepared');
        expect(unwrap(await store.commit(recordId)).state).toBe('committed');
        const release: RecordFact = { type: 'lastDoorReleased', door: 3, passagesBefore: 7 };
        expect(unwrap(await store.append(recordId, release)).lastDoorRelease).toEqual({ door: 3, passagesBefore: 7 });
        clock.advance(3_000);
        const passed = unwrap(await store.end(recordId, { type: 'passed', passagesAfter: 8 }));
        expect(passed).toMatchObject({ state: 'passed', endedAt: clock.now().toISOString() });
        expect(passed.checks.map(({ id }) => id)).toEqual(['mrzCheckDigits', 'profileAndConsent', 'faceMatch']);
        const again = await subject.reopen();
        expect(unwrap(await again.read(recordId))).toEqual(passed);
      });

      test('is prepared only by two clears, whichever comes first', async () => {
        const { record, evidenceDigest } = await walkToAsked(walker);
        for (const [side, expected] of [
          ['entry', 'verified'],
          ['exit', 'prepared'],
        ] as const) {
          const signed = answer(controls[side], clock.now(), { side, recordId: record.recordId, evidenceDigest });
          expect(unwrap(await store.append(record.recordId, { type: 'answered', answer: signed })).state).toBe(
            expected,
          );
        }
      });

      test('a repeated opening, a second question and a second answer of a side write nothing', async () => {
        const walk = await walkToAsked(walker);
        const { recordId } = walk.record;
        const before = unwrap(await store.read(recordId));
        expect(await store.open(walk.record)).toEqual(refused('wrongState', { recordId, state: 'verified' }));
        const again = asked(walk.who, walk.record, clock.now());
        expect(await store.append(recordId, again)).toMatchObject(refused('wrongState'));
        expect(unwrap(await store.read(recordId))).toEqual(before);
        await answerBoth(walker, walk, { exit: 'refer' });
        const signed = answer(controls.exit, clock.now(), {
          side: 'exit',
          recordId,
          evidenceDigest: walk.evidenceDigest,
        });
        expect(await store.append(recordId, { type: 'answered', answer: signed })).toMatchObject(refused('wrongState'));
        expect(unwrap(await store.read(recordId)).answers.exit?.body.word).toBe('refer');
      });

      test('an unknown record is named as such everywhere', async () => {
        const recordId = randomUUID();
        const unknown = refused('unknownRecord', { recordId });
        expect(await store.read(recordId)).toEqual(unknown);
        expect(await store.append(recordId, verified)).toEqual(unknown);
        expect(await store.commit(recordId)).toEqual(unknown);
        expect(await store.end(recordId, { type: 'passed', passagesAfter: 1 })).toEqual(unknown);
      });

      test('what no caller may write is refused and leaves nothing behind', async () => {
        const who = traveller();
        const bad = { ...opening(who), documentDigests: ['K12345678'] };
        expect(await store.open(bad)).toMatchObject(
          refused('storeFailed', { detail: expect.stringMatching(/^invalid/) }),
        );
        expect(await store.read(bad.recordId)).toMatchObject(refused('unknownRecord'));
        const record = opening(who);
        unwrap(await store.open(record));
        unwrap(await store.append(record.recordId, identified(who)));
        unwrap(await store.append(record.recordId, verified));
        const question = asked(who, record, clock.now());
        const foreign = asked(who, { ...record, recordId: randomUUID() }, clock.now());
        const unclaimed = asked({ ...who, entryDocument: traveller().entryDocument }, record, clock.now());
        for (const wrong of [foreign, unclaimed, { ...question, evidenceDigest: '0'.repeat(64) }]) {
          expect(await store.append(record.recordId, wrong)).toMatchObject(refused('storeFailed'));
        }
        expect(unwrap(await store.read(record.recordId)).evidenceDigest).toBeNull();
      });
    });

    describe('commit (G1, G2)', () => {
      const tampered = (signed: ControlAnswer): ControlAnswer => ({
        ...signed,
        body: { ...signed.body, expiresAt: '2036-01-01T00:00:00.000Z' },
      });

      test('tells both controls in one step and once', async () => {
        const { record, evidenceDigest } = await walkToCommitted(walker);
        for (const side of SIDES) {
          expect(await outbox(side)).toMatchObject([
            { attempts: 0, notice: { side, step: 'commit', recordId: record.recordId, detail: { evidenceDigest } } },
          ]);
        }
        expect(await store.commit(record.recordId)).toMatchObject(refused('wrongState', { state: 'committed' }));
        expect(await outbox('exit')).toHaveLength(1);
      });

      test.each(['refer', 'refuse'] as const)('%s of either side refuses it', async (word) => {
        for (const side of SIDES) {
          const walk = await walkToAsked(walker);
          await answerBoth(walker, walk, { [side]: word });
          expect(await store.commit(walk.record.recordId)).toMatchObject(
            refused('commitRefused', { reason: 'notClear' }),
          );
        }
        expect(await outbox('exit')).toEqual([]);
        expect(await outbox('entry')).toEqual([]);
      });

      test('a missing answer refuses it', async () => {
        const { record, evidenceDigest } = await walkToAsked(walker);
        const missing = refused('commitRefused', { recordId: record.recordId, reason: 'answerMissing' });
        expect(await store.commit(record.recordId)).toEqual(missing);
        const signed = answer(controls.exit, clock.now(), { side: 'exit', recordId: record.recordId, evidenceDigest });
        unwrap(await store.append(record.recordId, { type: 'answered', answer: signed }));
        expect(await store.commit(record.recordId)).toEqual(missing);
      });

      test('the first millisecond of the earlier expiry refuses it; the one before does not', async () => {
        const late = await walkToAsked(walker);
        await answerBoth(walker, late);
        const intime = await walkToAsked(walker);
        await answerBoth(walker, intime);
        clock.advance(ANSWER_LIFE_MS - 1);
        expect(unwrap(await store.commit(intime.record.recordId)).state).toBe('committed');
        clock.advance(1);
        expect(await store.commit(late.record.recordId)).toMatchObject(refused('commitRefused', { reason: 'expired' }));
      });

      test('a clock that was set back does not revive an old clear', async () => {
        const walk = await walkToAsked(walker);
        await answerBoth(walker, walk);
        clock.advance(-3_600_000);
        const refusal = refused('commitRefused', { reason: 'expired' });
        expect(await store.commit(walk.record.recordId)).toMatchObject(refusal);
      });

      test('answers that are altered, by another key, of the other side, record or evidence refuse it', async () => {
        const stranger = createSigningKey().key;
        const at = clock.now();
        const cases: readonly [string, (recordId: string, evidenceDigest: string) => ControlAnswer, string][] = [
          [
            'altered',
            (r, e) => tampered(answer(controls.exit, at, { side: 'exit', recordId: r, evidenceDigest: e })),
            'badSignature',
          ],
          [
            'stranger',
            (r, e) => answer(stranger, at, { side: 'exit', recordId: r, evidenceDigest: e }),
            'badSignature',
          ],
          [
            'stranger under the key id of the control',
            (r, e) => ({
              ...answer(stranger, at, { side: 'exit', recordId: r, evidenceDigest: e }),
              keyId: controls.exit.keyId,
            }),
            'badSignature',
          ],
          [
            'other side’s key',
            (r, e) => answer(controls.entry, at, { side: 'exit', recordId: r, evidenceDigest: e }),
            'badSignature',
          ],
          [
            'record',
            (_r, e) => answer(controls.exit, at, { side: 'exit', recordId: randomUUID(), evidenceDigest: e }),
            'foreignAnswer',
          ],
          [
            'evidence',
            (r) => answer(controls.exit, at, { side: 'exit', recordId: r, evidenceDigest: 'a'.repeat(64) }),
            'foreignAnswer',
          ],
        ];
        for (const [what, forge, reason] of cases) {
          const { record, evidenceDigest } = await walkToAsked(walker);
          const { recordId } = record;
          const good = answer(controls.entry, at, { side: 'entry', recordId, evidenceDigest });
          unwrap(await store.append(recordId, { type: 'answered', answer: forge(recordId, evidenceDigest) }));
          unwrap(await store.append(recordId, { type: 'answered', answer: good }));
          expect(await store.commit(recordId), what).toEqual(refused('commitRefused', { recordId, reason }));
          expect(await state(recordId), what).toBe('prepared');
        }
        expect(await outbox('entry')).toEqual([]);
      });
    });

    describe('ends', () => {
      test('passed gives both sides the same receipt, verifiable with the lane’s public key alone', async () => {
        const { record } = await walkThrough(walker);
        const receipts = [];
        for (const side of SIDES) {
          const [commit, receipt, ...rest] = await outbox(side);
          expect([commit?.notice.step, receipt?.notice.step, rest.length]).toEqual(['commit', 'receipt', 0]);
          receipts.push(receiptSchema.parse(receipt?.notice.detail?.receipt));
        }
        const [exit, entry] = receipts;
        expect(exit).toEqual(entry);
        expect(exit?.body.recordId).toBe(record.recordId);
        expect(verifyReceipt(exit!, subject.lanePublicKeyRaw)).toBe(true);
        const forged = { ...exit!, body: { ...exit!.body, passedAt: '2026-03-02T00:00:00.000Z' } };
        expect(verifyReceipt(forged, subject.lanePublicKeyRaw)).toBe(false);
      });

      test('voided tells both sides; a passage that comes later is refused', async () => {
        const { record } = await walkToCommitted(walker);
        const { recordId } = record;
        unwrap(await store.end(recordId, { type: 'voided', code: 'didNotPass' }));
        for (const side of SIDES) {
          const steps = (await outbox(side)).map(({ notice }) => [notice.step, notice.detail?.code]);
          expect(steps).toEqual([
            ['commit', undefined],
            ['void', 'didNotPass'],
          ]);
        }
        const late = await store.end(recordId, { type: 'passed', passagesAfter: 9 });
        expect(late).toEqual(refused('wrongState', { recordId, state: 'voided' }));
      });

      test('nothing follows an end', async () => {
        const { record } = await walkThrough(walker);
        const endings: readonly RecordEnding[] = [
          { type: 'passed', passagesAfter: 42 },
          { type: 'voided', code: 'didNotPass' },
          { type: 'abandoned', code: 'walkedBack' },
          { type: 'refused', owner: 'exit' },
          { type: 'referred', owner: 'port', code: 'tailgating', checks: [] },
          { type: 'resolved', action: 'sentBack', officer: 'officer-1', reasonCode: 'checked' },
        ];
        for (const ending of endings) {
          const result = await store.end(record.recordId, ending);
          expect(result, ending.type).toMatchObject(refused('wrongState', { state: 'passed' }));
        }
        expect(await store.append(record.recordId, verified)).toMatchObject(refused('wrongState'));
      });

      test('nothing is voided or passed before it is committed', async () => {
        const walk = await walkToAsked(walker);
        await answerBoth(walker, walk);
        const { recordId } = walk.record;
        expect(await store.end(recordId, { type: 'voided', code: 'didNotPass' })).toMatchObject(refused('wrongState'));
        expect(await store.end(recordId, { type: 'passed', passagesAfter: 1 })).toMatchObject(refused('wrongState'));
      });

      test('a referral stays live until an officer resolves it', async () => {
        const who = traveller();
        const record = opening(who);
        unwrap(await store.open(record));
        const referral: RecordEnding = { type: 'referred', owner: 'exit', code: 'notEnrolled', checks: [] };
        const snapshot = unwrap(await store.end(record.recordId, referral));
        expect(snapshot).toMatchObject({ state: 'referred', endedAt: null });
        expect(snapshot.referral).toEqual({ owner: 'exit', code: 'notEnrolled' });
        expect(unwrap(await store.live(LANE_ID)).map(({ recordId }) => recordId)).toEqual([record.recordId]);
        expect(await store.open(opening(who))).toMatchObject(refused('duplicateDocument'));
        const ending: RecordEnding = {
          type: 'resolved',
          action: 'sentBack',
          officer: 'exit-7',
          reasonCode: 'notEnrolled',
        };
        expect(unwrap(await store.end(record.recordId, ending)).state).toBe('resolved');
        expect(unwrap(await store.live(LANE_ID))).toEqual([]);
        unwrap(await store.open(opening(who)));
      });

      test('a referral after the commit leaves both sides standing; resolving it voids both', async () => {
        const { record } = await walkToCommitted(walker);
        const { recordId } = record;
        unwrap(await store.end(recordId, { type: 'referred', owner: 'port', code: 'passageUncertain', checks: [] }));
        expect(await outbox('exit')).toHaveLength(1);
        unwrap(
          await store.end(recordId, { type: 'resolved', action: 'sentBack', officer: 'port-1', reasonCode: 'seen' }),
        );
        for (const side of SIDES) {
          expect((await outbox(side)).map(({ notice }) => notice.step)).toEqual(['commit', 'void']);
        }
      });

      test('an officer who has seen the passage can still close an uncertain one as passed', async () => {
        const { record } = await walkToCommitted(walker);
        const { recordId } = record;
        unwrap(await store.end(recordId, { type: 'referred', owner: 'port', code: 'passageUncertain', checks: [] }));
        expect(unwrap(await store.end(recordId, { type: 'passed', passagesAfter: null })).state).toBe('passed');
        expect((await outbox('entry')).map(({ notice }) => notice.step)).toEqual(['commit', 'receipt']);
      });

      test('a refusal belongs to its side and needs no clearance', async () => {
        const walk = await walkToAsked(walker);
        await answerBoth(walker, walk, { entry: 'refuse' });
        expect(unwrap(await store.end(walk.record.recordId, { type: 'refused', owner: 'entry' })).state).toBe(
          'refused',
        );
      });
    });

    describe('claims (G3)', () => {
      test('a document of a live record is refused, naming the record, until that record has ended', async () => {
        const who = traveller();
        const first = opening(who);
        unwrap(await store.open(first));
        const again = opening(who);
        expect(await store.open(again)).toEqual(refused('duplicateDocument', { liveRecordId: first.recordId }));
        expect(await store.read(again.recordId)).toMatchObject(refused('unknownRecord'));
        unwrap(await store.end(first.recordId, { type: 'abandoned', code: 'didNotEnter' }));
        unwrap(await store.open(again));
      });

      test('the other document of the same profile is refused, and so is the profile itself', async () => {
        const who = traveller();
        const first = opening(who);
        unwrap(await store.open(first));
        unwrap(await store.append(first.recordId, identified(who)));
        const collision = refused('duplicateDocument', { liveRecordId: first.recordId });
        expect(await store.open({ ...opening(who), documentDigests: [who.entryDocument] })).toEqual(collision);
        const other = traveller();
        expect(await store.open({ ...opening(other), profileDigest: who.profile })).toEqual(collision);
      });

      test('identifying into a live record’s documents is refused and changes nothing', async () => {
        const who = traveller();
        const first = opening(who);
        unwrap(await store.open(first));
        unwrap(await store.append(first.recordId, identified(who)));
        const other = { ...traveller(), profile: who.profile };
        const second = opening(other);
        unwrap(await store.open(second));
        const collision = refused('duplicateDocument', { liveRecordId: first.recordId });
        expect(await store.append(second.recordId, identified(other))).toEqual(collision);
        expect(await state(second.recordId)).toBe('open');
        // Its own claims were not half made: the entry document is still free.
        unwrap(await store.open({ ...opening(traveller()), documentDigests: [other.entryDocument] }));
      });

      test('of many openings at the same instant exactly one goes on', async () => {
        for (let round = 0; round < 10; round++) {
          const who = traveller();
          const results = await Promise.all([1, 2, 3, 4, 5].map(() => store.open(opening(who))));
          expect(results.filter(({ ok }) => ok)).toHaveLength(1);
        }
      });
    });

    describe('outbox', () => {
      test('keeps order, counts attempts, forgets what was delivered, survives a restart', async () => {
        const { record } = await walkThrough(walker);
        await walkToCommitted(walker);
        const [first, ...rest] = await outbox('exit');
        unwrap(await store.noticeFailed(first!.id));
        unwrap(await store.noticeFailed(first!.id));
        expect((await outbox('exit'))[0]).toMatchObject({ attempts: 2, notice: { recordId: record.recordId } });
        unwrap(await store.noticeDelivered(first!.id));
        unwrap(await store.noticeDelivered(first!.id));
        const again = await subject.reopen();
        expect(unwrap(await again.outbox('exit', 100))).toEqual(rest);
        expect(unwrap(await again.outbox('exit', 1))).toEqual(rest.slice(0, 1));
        expect(unwrap(await again.outbox('entry', 100))).toHaveLength(3);
      });
    });

    describe('audit, live records and figures', () => {
      test('audit lines get growing sequence numbers', async () => {
        const entry = { event: 'laneStarted', recordId: null, owner: 'port', facts: { version: '1' } } as const;
        const first = unwrap(await store.audit(entry));
        unwrap(await store.open(opening(traveller())));
        expect(unwrap(await store.audit(entry))).toBeGreaterThan(first);
      });

      test('live lists one lane, oldest first', async () => {
        const ids = [];
        for (const laneId of [LANE_ID, 'lane-2', LANE_ID]) {
          const record = opening(traveller(), randomUUID(), laneId);
          unwrap(await store.open(record));
          ids.push(record.recordId);
        }
        expect(unwrap(await store.live(LANE_ID)).map(({ recordId }) => recordId)).toEqual([ids[0], ids[2]]);
      });

      test('figures count what happened since, and how long passing took', async () => {
        await walkThrough(walker);
        clock.advance(3_600_000);
        const since = clock.now().toISOString();
        for (const tookMs of [10_000, 20_000, 30_000]) {
          const { record } = await walkToCommitted(walker);
          clock.advance(tookMs);
          unwrap(await store.end(record.recordId, { type: 'passed', passagesAfter: 1 }));
        }
        const { record: voided } = await walkToCommitted(walker);
        unwrap(await store.end(voided.recordId, { type: 'voided', code: 'walkedBack' }));
        const referred = opening(traveller());
        unwrap(await store.open(referred));
        unwrap(
          await store.end(referred.recordId, { type: 'referred', owner: 'exit', code: 'notEnrolled', checks: [] }),
        );
        const abandoned = opening(traveller());
        unwrap(await store.open(abandoned));
        unwrap(await store.end(abandoned.recordId, { type: 'abandoned', code: 'didNotEnter' }));
        expect(unwrap(await store.figures(LANE_ID, since))).toEqual({
          opened: 6,
          passed: 3,
          refused: 0,
          referred: 1,
          abandoned: 1,
          voided: 1,
          medianMs: 20_000,
          p95Ms: 30_000,
        });
        expect(unwrap(await store.figures('lane-9', since))).toMatchObject({ opened: 0, medianMs: null, p95Ms: null });
      });
    });

    test('after close everything is storeFailed, and closing again is harmless', async () => {
      await store.close();
      await store.close();
      expect(await store.open(opening(traveller()))).toMatchObject(refused('storeFailed'));
      expect(await store.checkpoint()).toMatchObject(refused('storeFailed'));
    });
  });
}
