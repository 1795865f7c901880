import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { LANE_ID, opening, traveller, walkThrough, walkToCommitted } from '../crossing.fixture.ts';
import { type ContractBench, refused } from './bench.contract.ts';

/** Outbox, audit lines, live records, figures, closing. */
export function bookkeepingContract(t: ContractBench): void {
  describe('outbox', () => {
    test('keeps order, counts attempts, forgets what was delivered, survives a restart', async () => {
      const { record } = await walkThrough(t.walker);
      await walkToCommitted(t.walker);
      const [first, ...rest] = await t.outbox('exit');
      unwrap(await t.store.noticeFailed(first!.id));
      unwrap(await t.store.noticeFailed(first!.id));
      expect((await t.outbox('exit'))[0]).toMatchObject({ attempts: 2, notice: { recordId: record.recordId } });
      unwrap(await t.store.noticeDelivered(first!.id));
      unwrap(await t.store.noticeDelivered(first!.id));
      const again = await t.subject.reopen();
      expect(unwrap(await again.outbox('exit', 100))).toEqual(rest);
      expect(unwrap(await again.outbox('exit', 1))).toEqual(rest.slice(0, 1));
      expect(unwrap(await again.outbox('entry', 100))).toHaveLength(3);
    });
  });

  describe('a notice that is refused for good', () => {
    test('is journaled once and holds back its own record only, after a restart as well', async () => {
      const { record } = await walkThrough(t.walker);
      const other = await walkToCommitted(t.walker);
      const [commit] = await t.outbox('exit');
      const audit = async () =>
        unwrap(await t.store.audit({ event: 'laneStarted', recordId: record.recordId, owner: 'port', facts: {} }));
      const before = await audit();
      for (let times = 0; times < 3; times++) unwrap(await t.store.noticeRefused(commit!.id, 'noticeChanged'));
      expect(await audit()).toBe(before + 2);
      expect((await t.outbox('exit')).map(({ notice }) => notice.recordId)).toEqual([other.record.recordId]);
      expect((await t.outbox('entry')).map(({ notice }) => notice.step)).toEqual(['commit', 'receipt', 'commit']);
      const again = await t.subject.reopen();
      expect(unwrap(await again.outbox('exit', 10))).toHaveLength(1);
      unwrap(await again.noticeDelivered(commit!.id));
      unwrap(await again.noticeRefused(commit!.id, 'noticeChanged'));
      // Told after all: what waited behind it is next.
      expect(unwrap(await again.outbox('exit', 10)).map(({ notice }) => notice.step)).toEqual(['receipt', 'commit']);
    });
  });

  describe('audit, live records and figures', () => {
    test('audit lines get growing sequence numbers', async () => {
      const entry = { event: 'laneStarted', recordId: null, owner: 'port', facts: { version: '1' } } as const;
      const first = unwrap(await t.store.audit(entry));
      unwrap(await t.store.open(opening(traveller())));
      expect(unwrap(await t.store.audit(entry))).toBeGreaterThan(first);
    });

    test('live lists one lane, oldest first', async () => {
      const ids = [];
      for (const laneId of [LANE_ID, 'lane-2', LANE_ID]) {
        const record = opening(traveller(), randomUUID(), laneId);
        unwrap(await t.store.open(record));
        ids.push(record.recordId);
      }
      expect(unwrap(await t.store.live(LANE_ID)).map(({ recordId }) => recordId)).toEqual([ids[0], ids[2]]);
    });

    test('figures count what happened since, and how long passing took', async () => {
      await walkThrough(t.walker);
      t.clock.advance(3_600_000);
      const since = t.clock.now().toISOString();
      for (const tookMs of [10_000, 20_000, 30_000]) {
        const { record } = await walkToCommitted(t.walker);
        unwrap(await t.store.append(record.recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 1 }));
        t.clock.advance(tookMs);
        unwrap(await t.store.end(record.recordId, { type: 'passed', passagesAfter: 1 }));
      }
      const { record: voided } = await walkToCommitted(t.walker);
      unwrap(await t.store.end(voided.recordId, { type: 'voided', code: 'walkedBack' }));
      const referred = opening(traveller());
      unwrap(await t.store.open(referred));
      unwrap(
        await t.store.end(referred.recordId, { type: 'referred', owner: 'exit', code: 'notEnrolled', checks: [] }),
      );
      const abandoned = opening(traveller());
      unwrap(await t.store.open(abandoned));
      unwrap(await t.store.end(abandoned.recordId, { type: 'abandoned', code: 'didNotEnter' }));
      expect(unwrap(await t.store.figures(LANE_ID, since))).toEqual({
        opened: 6,
        passed: 3,
        refused: 0,
        referred: 1,
        abandoned: 1,
        voided: 1,
        medianMs: 20_000,
        p95Ms: 30_000,
      });
      expect(unwrap(await t.store.figures('lane-9', since))).toMatchObject({ opened: 0, medianMs: null, p95Ms: null });
    });
  });

  test('after close everything is storeFailed, and closing again is harmless', async () => {
    await t.store.close();
    await t.store.close();
    expect(await t.store.open(opening(traveller()))).toMatchObject(refused('storeFailed'));
    expect(await t.store.checkpoint()).toMatchObject(refused('storeFailed'));
  });
}
