import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../contract/result.ts';
import { unwrap } from '../../contract/result.ts';
import { createSealingKey, openSealed, seal } from '../../crypto/sealing.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import type { ControlKeys } from '../clearance-check.ts';
import {
  answer,
  type Controls,
  createControls,
  type FakeClock,
  fakeClock,
  LANE_ID,
  opening,
  traveller,
  type Walker,
  walkThrough,
  walkToAsked,
} from '../crossing.fixture.ts';
import type { JointRecordStore, RecordUpkeep, ReferralMaterialStore, StoreError } from '../store.ts';
import type { Verification } from '../verify/verify-file.ts';

export type KeptStore = JointRecordStore &
  ReferralMaterialStore &
  RecordUpkeep & { learnControlKeys(keys: ControlKeys): Promise<Result<void, StoreError>> };

export interface UpkeepSubject {
  readonly store: KeptStore;
  verify(): Promise<Verification>;
  dispose(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** What every store does for its administrator: retention, referral material, keys that change. All of it verifies. */
export function describeRecordUpkeep(
  name: string,
  create: (setup: { readonly clock: FakeClock; readonly controls: Controls }) => Promise<UpkeepSubject>,
): void {
  describe(`record upkeep contract: ${name}`, () => {
    let clock: FakeClock;
    let controls: Controls;
    let subject: UpkeepSubject;
    let store: KeptStore;
    let walker: Walker;
    beforeEach(async () => {
      clock = fakeClock();
      controls = createControls();
      subject = await create({ clock, controls });
      store = subject.store;
      walker = { store, clock, controls };
    });
    afterEach(() => subject.dispose());

    const deliverAll = async (): Promise<void> => {
      for (const side of ['exit', 'entry'] as const) {
        for (const { id } of unwrap(await store.outbox(side, 1000))) unwrap(await store.noticeDelivered(id));
      }
    };
    const refer = async (): Promise<string> => {
      const record = opening(traveller());
      unwrap(await store.open(record));
      unwrap(await store.end(record.recordId, { type: 'referred', owner: 'exit', code: 'noFace', checks: [] }));
      return record.recordId;
    };

    test('retention erases old ended records whose controls were told, and nothing else', async () => {
      const told = await walkThrough(walker);
      await deliverAll();
      const untold = await walkThrough(walker);
      const referred = await refer();
      clock.advance(30 * DAY_MS);
      const young = await walkThrough(walker);
      const before = new Date(clock.now().getTime() - DAY_MS).toISOString();
      expect(unwrap(await store.eraseBefore(before)).records).toBe(1);
      expect(await store.read(told.record.recordId)).toMatchObject({ ok: false, error: { code: 'unknownRecord' } });
      for (const { record } of [untold, young]) expect((await store.read(record.recordId)).ok).toBe(true);
      expect(unwrap(await store.live(LANE_ID)).map(({ recordId }) => recordId)).toEqual([referred]);
      expect(await subject.verify()).toMatchObject({ findings: [], records: 3, unsigned: 0 });
    });

    test('retention moves the journal’s beginning, across a change of the lane’s key, and it still verifies', async () => {
      await walkThrough(walker);
      clock.advance(30 * DAY_MS);
      await walkThrough(walker);
      await deliverAll();
      unwrap(await store.rotateLaneKey(createSigningKey().pem));
      await walkThrough(walker);
      const before = new Date(clock.now().getTime() - DAY_MS).toISOString();
      const { firstSeq } = unwrap(await store.eraseBefore(before));
      expect(firstSeq).toBeGreaterThan(10);
      expect(await subject.verify()).toMatchObject({ findings: [], records: 2, unsigned: 0 });
      clock.advance(30 * DAY_MS);
      await deliverAll();
      expect(unwrap(await store.eraseBefore(clock.now().toISOString())).records).toBe(2);
      await walkThrough(walker);
      expect(await subject.verify()).toMatchObject({ findings: [], records: 1 });
    });

    test('notices that were refused for good come back when they are asked for', async () => {
      const { record } = await walkThrough(walker);
      const [commit] = unwrap(await store.outbox('exit', 10));
      unwrap(await store.noticeRefused(commit!.id, 'noticeChanged'));
      expect(unwrap(await store.outbox('exit', 10))).toEqual([]);
      expect(unwrap(await store.retryRefusedNotices('entry'))).toBe(0);
      expect(unwrap(await store.retryRefusedNotices('exit'))).toBe(1);
      const again = unwrap(await store.outbox('exit', 10));
      expect(again.map(({ notice }) => [notice.recordId, notice.step])).toEqual([
        [record.recordId, 'commit'],
        [record.recordId, 'receipt'],
      ]);
      expect((await subject.verify()).findings).toEqual([]);
    });

    test('a time that is none erases nothing', async () => {
      const { record } = await walkThrough(walker);
      await deliverAll();
      expect(await store.eraseBefore('the beginning')).toMatchObject({ ok: false, error: { code: 'storeFailed' } });
      expect((await store.read(record.recordId)).ok).toBe(true);
    });

    test('referral material is there for its owner until the record ends, however it ends', async () => {
      const { key } = createSealingKey();
      const recordId = await refer();
      const kept = seal(key.publicKeyRaw, key.keyId, Buffer.from('a specimen’s data'), recordId);
      expect(unwrap(await store.material(recordId))).toBeNull();
      unwrap(await store.keepMaterial(recordId, seal(key.publicKeyRaw, key.keyId, Buffer.from('first'), recordId)));
      unwrap(await store.keepMaterial(recordId, kept));
      const found = unwrap(await store.material(recordId));
      expect(Buffer.from(unwrap(openSealed(key, found!, recordId))).toString()).toBe('a specimen’s data');
      expect((await subject.verify()).findings).toEqual([]);
      unwrap(await store.end(recordId, { type: 'resolved', action: 'sentBack', officer: 'o-1', reasonCode: 'done' }));
      expect(unwrap(await store.material(recordId))).toBeNull();
      expect((await subject.verify()).findings).toEqual([]);
    });

    test('referral material of a record that is not referred is refused', async () => {
      const { key } = createSealingKey();
      const { record } = await walkToAsked(walker);
      const sealed = seal(key.publicKeyRaw, key.keyId, Buffer.from('x'), record.recordId);
      const result = await store.keepMaterial(record.recordId, sealed);
      expect(result).toMatchObject({ ok: false, error: { code: 'wrongState', state: 'verified' } });
      const unknown = await store.keepMaterial(crypto.randomUUID(), sealed);
      expect(unknown).toMatchObject({ ok: false, error: { code: 'unknownRecord' } });
      expect(unwrap(await store.material(record.recordId))).toBeNull();
    });

    test('a control’s new key counts at once, the old one no longer', async () => {
      const waiting = await walkToAsked(walker);
      const other = createControls();
      unwrap(await store.learnControlKeys({ ...controls.keys, exit: other.keys.exit }));
      const commitBy = async ({ record, evidenceDigest }: typeof waiting, exit: Controls['exit']) => {
        const { recordId } = record;
        for (const [side, key] of [
          ['exit', exit],
          ['entry', controls.entry],
        ] as const) {
          const signed = answer(key, clock.now(), { side, recordId, evidenceDigest });
          unwrap(await store.append(recordId, { type: 'answered', answer: signed }));
        }
        return store.commit(recordId);
      };
      expect(await commitBy(waiting, controls.exit)).toMatchObject({ ok: false, error: { reason: 'badSignature' } });
      expect((await commitBy(await walkToAsked(walker), other.exit)).ok).toBe(true);
      expect((await subject.verify()).findings).toEqual([]);
    });
  });
}
