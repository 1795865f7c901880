import { expect, test } from 'vitest';
import { err, ok } from '../../contract/result.ts';
import type { RecordCopy, RecordSnapshot } from '../../record/store.ts';
import { HubCopies } from './hub-copies.ts';

const record = (recordId: string, state: string, clearance = 'standing') =>
  ({ recordId, state, clearance, endedAt: null, referral: null }) as unknown as RecordSnapshot;

test('copies go one after the other, of one record the newest; one that fails is told once and tried again', async () => {
  const asked: { copy: RecordCopy; answer: (works: boolean) => void }[] = [];
  const told: boolean[] = [];
  const keepCopy = (copy: RecordCopy) =>
    new Promise<ReturnType<typeof ok<void>>>((resolve) => {
      const failed = err({ code: 'storeFailed', detail: 'disk full' });
      asked.push({ copy, answer: (works) => resolve((works ? ok() : failed) as ReturnType<typeof ok<void>>) });
    });
  const copies = new HubCopies({ keepCopy }, (kept) => told.push(kept));
  const settled = () => new Promise(setImmediate);
  copies.of(record('a', 'verified', 'none'));
  expect(asked).toEqual([]);
  copies.of(record('a', 'committed'));
  copies.of(record('b', 'committed'));
  copies.of(record('b', 'passed'));
  expect(asked.map(({ copy }) => copy.recordId)).toEqual(['a']);
  asked[0]?.answer(false);
  await settled();
  expect([asked.length, told]).toEqual([1, [false]]);
  copies.of(record('c', 'committed'));
  asked[1]?.answer(false);
  await settled();
  expect([asked.length, told]).toEqual([2, [false]]);
  copies.of(record('c', 'passed'));
  for (let index = 2; index < 5; index += 1) {
    await settled();
    asked[index]?.answer(true);
  }
  await settled();
  expect(told).toEqual([false, true]);
  expect(asked.slice(2).map(({ copy }) => `${copy.recordId} ${copy.record?.state}`)).toEqual([
    'a committed',
    'b passed',
    'c passed',
  ]);
});
