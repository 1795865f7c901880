import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Owner } from '../../contract/crossing.ts';
import { unwrap } from '../../contract/result.ts';
import { createSealingKey, seal } from '../../crypto/sealing.ts';
import { answerBoth, opening, type Traveller, traveller, walkToAsked, walkToCommitted } from '../crossing.fixture.ts';
import type { OpenRecord, RecordEnding } from '../store.ts';
import { type ContractBench, refused } from './bench.contract.ts';

const RELEASED: Extract<RecordEnding, { type: 'resolved' }> = {
  type: 'resolved',
  action: 'released',
  officer: 'E1001',
  reasonCode: 'sealed',
};

function released(who: Traveller, of: string): OpenRecord {
  const { key } = createSealingKey();
  const recordId = randomUUID();
  const grant = seal(key.publicKeyRaw, key.keyId, Buffer.from('who, why and how many'), `${recordId} exit`);
  return { ...opening(who, recordId), release: { of, side: 'exit', grant } };
}

/** Officers of a side release a traveller: the record that stopped them is over, another one goes on. */
export function releasesContract(t: ContractBench): void {
  describe('releases', () => {
    const refer = async (owner: Owner, who = traveller()) => {
      const walk = await walkToAsked(t.walker, who);
      await answerBoth(t.walker, walk, { exit: 'refer' });
      const { recordId } = walk.record;
      unwrap(await t.store.end(recordId, { type: 'referred', owner, code: 'exitControlReferred', checks: [] }));
      return { who, recordId };
    };

    test('the same documents are free for the next record in the moment of the release, and it says which one it goes on from', async () => {
      const { who, recordId } = await refer('exit');
      const next = released(who, recordId);
      expect(await t.store.open(next)).toEqual(refused('duplicateDocument', { liveRecordId: recordId }));
      expect(unwrap(await t.store.end(recordId, RELEASED)).state).toBe('resolved');
      expect(unwrap(await t.store.open(next)).releaseOf).toBe(recordId);
      // Read back, not remembered.
      expect(unwrap(await t.store.read(next.recordId)).releaseOf).toBe(recordId);
      expect(unwrap(await t.store.read(recordId)).releaseOf).toBeUndefined();
    });

    test('the side that had cleared is told that the record before came to nothing', async () => {
      const { recordId } = await refer('exit');
      unwrap(await t.store.end(recordId, RELEASED));
      const told = async (side: 'exit' | 'entry') =>
        (await t.outbox(side)).filter(({ notice }) => notice.recordId === recordId).map(({ notice }) => notice.step);
      expect([await told('exit'), await told('entry')]).toEqual([[], ['void']]);
    });

    test('of two officers one wins, whatever each of them wants', async () => {
      const { recordId } = await refer('exit');
      const other: RecordEnding = { ...RELEASED, action: 'handedToManualLane', officer: 'E1002' };
      const both = await Promise.all([t.store.end(recordId, RELEASED), t.store.end(recordId, other)]);
      expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    });

    test('what is the port’s own is released by nobody, and nor is what a clearance stands for', async () => {
      const { recordId } = await refer('port');
      expect(await t.store.end(recordId, RELEASED)).toMatchObject(
        refused('wrongState', { recordId, state: 'referred' }),
      );
      const { record } = await walkToCommitted(t.walker);
      unwrap(
        await t.store.end(record.recordId, { type: 'referred', owner: 'exit', code: 'passageUncertain', checks: [] }),
      );
      expect(await t.store.end(record.recordId, RELEASED)).toMatchObject(refused('wrongState'));
    });
  });
}
