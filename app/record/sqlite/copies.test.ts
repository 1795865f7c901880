import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { walkThrough } from '../crossing.fixture.ts';
import { receiptSchema } from '../receipt.ts';
import type { RecordCopy } from '../store.ts';
import { exportCopies } from '../verify/export-copies.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { type SqliteBench, sqliteBench } from './sqlite.fixture.ts';

const DAY_MS = 86_400_000;
let hub: SqliteBench;
let lane: SqliteBench;
beforeEach(async () => {
  hub = await sqliteBench();
  lane = await sqliteBench();
});
afterEach(async () => {
  await hub.dispose();
  await lane.dispose();
});

/** A record with another home, passed, and its receipt. */
async function elsewhere(): Promise<RecordCopy & { readonly record: object }> {
  const { record } = await walkThrough(hub);
  const notices = unwrap(await hub.store.outbox('entry', 10));
  const receipt = receiptSchema.parse(notices.find(({ notice }) => notice.step === 'receipt')?.notice.detail?.receipt);
  return { recordId: record.recordId, record: unwrap(await hub.store.read(record.recordId)), receipt };
}

const copies = () => [...exportCopies(lane.path, 'entry', '2000-01-01', '2100-01-01')];

test('a copy grows by its parts, gives a side its own answer only, and is nothing the lane decides by', async () => {
  const whole = await elsewhere();
  unwrap(await lane.store.keepCopy({ ...whole, receipt: null }));
  unwrap(await lane.store.keepCopy({ ...whole, record: null }));
  const [copy] = copies();
  expect(copy).toMatchObject({ home: 'hub', state: 'passed', clearance: 'standing', receipt: whole.receipt });
  expect(copy?.ownAnswer?.body.side).toBe('entry');
  expect(copy?.otherAnswer).toEqual({ word: 'clear', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(await lane.store.read(whole.recordId)).toMatchObject({ error: { code: 'unknownRecord' } });
  expect(unwrap(await lane.store.live('lane-1'))).toEqual([]);
  expect(verifyRecordFile(lane.path, { keys: null, receipts: [] })).toMatchObject({ ok: true });
});

test('what is no record is not kept', async () => {
  const whole = await elsewhere();
  const broken = { ...whole, record: { ...whole.record, portrait: 'AAAA' } } as unknown as RecordCopy;
  expect(await lane.store.keepCopy(broken)).toMatchObject({ ok: false });
  expect(copies()).toEqual([]);
});

test('retention takes copies out of every byte of the file', async () => {
  const whole = await elsewhere();
  unwrap(await lane.store.keepCopy(whole));
  lane.clock.advance(40 * DAY_MS);
  unwrap(await lane.store.eraseBefore(new Date(lane.clock.now().getTime() - 30 * DAY_MS).toISOString()));
  expect(copies()).toEqual([]);
  const folder = dirname(lane.path);
  expect(readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(whole.recordId))).toEqual([]);
});
