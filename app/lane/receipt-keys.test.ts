import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { err, ok } from '../contract/result.ts';
import { createSigningKey } from '../crypto/signing.ts';
import type { HubClient } from '../record/remote/hub-client.ts';
import type { OutboxNotice } from '../record/store.ts';
import { ReceiptKeys } from './receipt-keys.ts';

const lane = createSigningKey().key;
const [before, now, stranger] = [createSigningKey().key, createSigningKey().key, createSigningKey().key];
const HASH = 'a'.repeat(64);
const AT = '2026-11-23T08:00:00.000Z';

function notice(id: number, signs: { keyId: string } | null): OutboxNotice {
  const recordId = randomUUID();
  const direction = { from: 'CHN', to: 'MAC' };
  const answers = { exit: HASH, entry: HASH };
  const journal = { seq: 1, hash: HASH };
  const of = { version: 1, storeId: randomUUID(), recordId, laneId: 'L1', direction, evidenceDigest: HASH };
  const body = { ...of, answers, committedAt: AT, passedAt: AT, journal };
  const receipt = { body, keyId: signs?.keyId, signature: 'AAAA' };
  const step = signs === null ? 'commit' : 'receipt';
  const detail = signs === null ? null : { receipt };
  return { id, attempts: 0, notice: { version: 1, side: 'exit', step, recordId, at: AT, detail } };
}

/** A hub that names these keys; null: it does not answer. */
function hub(names: () => typeof now | null): { client: HubClient; asked: () => number } {
  let asked = 0;
  const call = async () => {
    asked += 1;
    const key = names();
    const keys = key === null ? [] : [{ keyId: key.keyId, raw: key.publicKeyRaw }];
    return key === null
      ? err({ code: 'hubAway', detail: '', sent: false } as const)
      : ok({ value: { keys }, etag: null, notModified: false });
  };
  return { client: { call, url: '', close: () => undefined } as unknown as HubClient, asked: () => asked };
}

test('a receipt of a key that is not known waits until the hub has named its keys; what it does not name goes on to be refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-receipt-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'receipt-keys.json');
  const keys = ReceiptKeys.open(path, lane);
  const { keys: list } = keys;
  let signs: typeof now | null = null;
  const { client, asked } = hub(() => signs);
  const ids = async (...notices: OutboxNotice[]) => (await keys.readable(notices, client)).map(({ id }) => id);

  expect(await ids(notice(1, null), notice(2, lane))).toEqual([1, 2]);
  expect(asked()).toBe(0);
  expect(await ids(notice(1, null), notice(2, before), notice(3, null))).toEqual([1]);
  signs = before;
  expect(await ids(notice(1, null), notice(2, before), notice(3, null))).toEqual([1, 2, 3]);
  // The hub has changed its key; what was signed before still counts.
  signs = now;
  expect(await ids(notice(4, now), notice(5, before))).toEqual([4, 5]);
  expect(asked()).toBe(3);
  expect(await ids(notice(6, stranger))).toEqual([6]);
  expect(list.map(({ keyId }) => keyId)).toEqual([lane.keyId, now.keyId, before.keyId]);
  // And after a restart without a hub.
  expect(ReceiptKeys.open(path, lane).keys).toEqual(list);
});
