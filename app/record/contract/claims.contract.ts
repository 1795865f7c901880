import { describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { identified, opening, traveller } from '../crossing.fixture.ts';
import { type ContractBench, refused } from './bench.contract.ts';

/** G3: a document or profile in one live record only. */
export function claimsContract(t: ContractBench): void {
  describe('claims (G3)', () => {
    test('a document of a live record is refused, naming the record, until that record has ended', async () => {
      const who = traveller();
      const first = opening(who);
      unwrap(await t.store.open(first));
      const again = opening(who);
      expect(await t.store.open(again)).toEqual(refused('duplicateDocument', { liveRecordId: first.recordId }));
      expect(await t.store.read(again.recordId)).toMatchObject(refused('unknownRecord'));
      unwrap(await t.store.end(first.recordId, { type: 'abandoned', code: 'didNotEnter' }));
      unwrap(await t.store.open(again));
    });

    test('the other document of the same profile is refused, and so is the profile itself', async () => {
      const who = traveller();
      const first = opening(who);
      unwrap(await t.store.open(first));
      unwrap(await t.store.append(first.recordId, identified(who)));
      const collision = refused('duplicateDocument', { liveRecordId: first.recordId });
      expect(await t.store.open({ ...opening(who), documentDigests: [who.entryDocument] })).toEqual(collision);
      const other = traveller();
      expect(await t.store.open({ ...opening(other), profileDigest: who.profile })).toEqual(collision);
    });

    test('identifying into a live record’s documents is refused and changes nothing', async () => {
      const who = traveller();
      const first = opening(who);
      unwrap(await t.store.open(first));
      unwrap(await t.store.append(first.recordId, identified(who)));
      const other = { ...traveller(), profile: who.profile };
      const second = opening(other);
      unwrap(await t.store.open(second));
      const collision = refused('duplicateDocument', { liveRecordId: first.recordId });
      expect(await t.store.append(second.recordId, identified(other))).toEqual(collision);
      expect(await t.state(second.recordId)).toBe('open');
      // Its own claims were not half made: the entry document is still free.
      unwrap(await t.store.open({ ...opening(traveller()), documentDigests: [other.entryDocument] }));
    });

    test('of many openings at the same instant exactly one goes on', async () => {
      for (let round = 0; round < 10; round++) {
        const who = traveller();
        const results = await Promise.all([1, 2, 3, 4, 5].map(() => t.store.open(opening(who))));
        expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      }
    });
  });
}
