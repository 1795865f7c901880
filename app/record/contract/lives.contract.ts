import { describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import {
  answerBoth,
  identified,
  LANE_ID,
  opening,
  traveller,
  walkToAsked,
  walkToCommitted,
} from '../crossing.fixture.ts';
import { type ContractBench, refused } from './bench.contract.ts';

/** G4 over a network: what a dead lane process has sent is not done behind the back of the one that runs. */
export function livesContract(t: ContractBench): void {
  describe('lives of a lane', () => {
    const earlier = refused('earlierLife', { laneId: LANE_ID, life: 2 });

    test('are numbered, and nothing an earlier one asks for is done', async () => {
      const first = unwrap(await t.store.beginLife(LANE_ID));
      expect(first).toEqual({ laneId: LANE_ID, life: 1 });
      const committed = await walkToCommitted(t.walker);
      const cleared = await walkToAsked(t.walker);
      await answerBoth(t.walker, cleared);
      const opened = opening(traveller());
      unwrap(await t.store.open(opened, first));
      const second = unwrap(await t.store.beginLife(LANE_ID));
      expect(second.life).toBe(2);
      const late = opening(traveller());
      expect(await t.store.open(late, first)).toEqual(earlier);
      expect(await t.store.append(opened.recordId, identified(traveller()), first)).toEqual(earlier);
      expect(await t.store.commit(cleared.record.recordId, first)).toEqual(earlier);
      expect(await t.store.end(committed.record.recordId, { type: 'voided', code: 'didNotPass' }, first)).toEqual(
        earlier,
      );
      expect(await t.store.read(late.recordId)).toMatchObject(refused('unknownRecord'));
      expect(await t.state(opened.recordId)).toBe('open');
      expect(await t.state(cleared.record.recordId)).toBe('prepared');
      expect(await t.state(committed.record.recordId)).toBe('committed');
      unwrap(await t.store.commit(cleared.record.recordId, second));
      unwrap(await t.store.open(late, second));
    });

    test('of one lane say nothing about another’s, whose records it does not know', async () => {
      const other = unwrap(await t.store.beginLife('lane-2'));
      const own = unwrap(await t.store.beginLife(LANE_ID));
      unwrap(await t.store.beginLife('lane-2'));
      const record = opening(traveller());
      unwrap(await t.store.open(record, own));
      const foreign = await t.store.end(record.recordId, { type: 'abandoned', code: 'didNotEnter' }, other);
      expect(foreign).toEqual(refused('unknownRecord', { recordId: record.recordId }));
      expect((await t.store.open(opening(traveller()), other)).ok).toBe(false);
      expect(await t.state(record.recordId)).toBe('open');
    });

    test('of many that begin at the same instant no two get one number', async () => {
      const begun = await Promise.all(Array.from({ length: 8 }, () => t.store.beginLife(LANE_ID)));
      expect(new Set(begun.map((life) => unwrap(life).life)).size).toBe(8);
    });
  });
}
