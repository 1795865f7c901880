import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SIDES } from '../../app/contract/crossing.ts';
import { unwrap } from '../../app/contract/result.ts';
import { type Receipt, receiptSchema } from '../../app/record/receipt.ts';
import type { KeyRing } from '../../app/record/verify/public-keys.ts';
import { verifyRecordFile } from '../../app/record/verify/verify-file.ts';
import { askControls, type MiniLane, openMiniLane, releaseAsked } from './mini-lane.ts';

// G7: deleting, editing, reordering or truncating the journal is found by either side alone, with public keys only. Every kind of
// tampering one by one: `app/record/verify/verify-file.test.ts`; PostgreSQL: `app/record/postgres/port-audit.test.ts`; checkpoints
// at least every 100 entries or 60 s: `app/record/sqlite/checkpoints.test.ts`. Here each single entry of a lane's journal is tampered with.

const folder = mkdtempSync(join(tmpdir(), 'jointgate-g7-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let lane: MiniLane;
let keys: KeyRing;
const receipts: Receipt[] = [];
let entries = 0;
beforeAll(async () => {
  lane = await openMiniLane();
  const { store, laneKey, path } = lane.record;
  for (let holder = 0; holder < 3; holder++) {
    const { recordId } = await askControls(lane, { holder });
    unwrap(await store.commit(recordId));
    unwrap(await releaseAsked(store, recordId));
    unwrap(
      await store.end(
        recordId,
        holder % 3 === 2 ? { type: 'voided', code: 'didNotPass' } : { type: 'passed', passagesAfter: 42 },
      ),
    );
  }
  for (const { notice } of unwrap(await store.outbox('entry', 100))) {
    if (notice.step === 'receipt') receipts.push(receiptSchema.parse(notice.detail?.receipt));
  }
  await store.close();
  // All an auditor has: public keys, kept elsewhere than on the lane's disk.
  keys = {
    lane: [{ keyId: laneKey.keyId, raw: laneKey.publicKeyRaw }],
    exit: [...lane.keys.exit],
    entry: [...lane.keys.entry],
  };
  const whole = verifyRecordFile(path, { keys, receipts });
  expect(whole).toMatchObject({ ok: true, unsigned: 0 });
  ({ entries } = whole);
});
afterAll(() => lane.dispose());

/** Triggers are the file's own guard against our bugs; whoever owns the disk takes them away first. */
function tampered(sql: string, ...values: readonly (string | number)[]): string {
  const copy = join(folder, 'copy.db');
  copyFileSync(lane.record.path, copy);
  const db = new Database(copy);
  db.pragma('foreign_keys = OFF');
  db.exec('DROP TRIGGER journal_is_never_edited; DROP TRIGGER journal_is_erased_from_the_front');
  db.prepare(sql).run(...values);
  db.close();
  return copy;
}

const found = (path: string, with_: readonly Receipt[] = []): boolean =>
  !verifyRecordFile(path, { keys, receipts: with_ }).ok;
/** All of them with `JOINTGATE_LONG=1`; every third in the quick tier. */
const STRIDE = process.env.JOINTGATE_LONG === '1' ? 1 : 3;
const everyEntry = (): readonly number[] =>
  Array.from({ length: entries }, (_, index) => index + 1).filter((seq) => seq % STRIDE === 0);

describe('each single entry of the journal', () => {
  test.each([
    [
      'a character of its contents',
      `UPDATE journal SET payload = replace(payload, substr(payload, 3, 1), '~') WHERE seq = ?`,
    ],
    ['its time', `UPDATE journal SET at = '2026-03-02T04:00:01.000Z' WHERE seq = ?`],
    ['its hash', `UPDATE journal SET hash = '${'0'.repeat(64)}' WHERE seq = ?`],
    ['the whole of it, taken out', 'DELETE FROM journal WHERE seq = ?'],
    ['everything from it on, cut off', 'DELETE FROM journal WHERE seq >= ?'],
  ])('%s', (_what, sql) => {
    for (const seq of everyEntry()) expect(found(tampered(sql, seq)), `entry ${seq} of ${entries}`).toBe(true);
  });

  test('put in the place of its neighbour', () => {
    for (const seq of everyEntry().filter((seq) => seq < entries)) {
      const swap = `UPDATE journal SET seq = CASE seq WHEN ${seq} THEN -1 ELSE seq END WHERE seq IN (?, ${seq + 1})`;
      const path = tampered(swap, seq);
      const db = new Database(path);
      db.exec(
        `UPDATE journal SET seq = ${seq} WHERE seq = ${seq + 1}; UPDATE journal SET seq = ${seq + 1} WHERE seq = -1`,
      );
      db.close();
      expect(found(path), `entry ${seq}`).toBe(true);
    }
  });
});

test('a file set back whole to an older state is found by the receipts a side has kept', () => {
  const half = Math.floor(entries / 2);
  const copy = tampered('DELETE FROM journal WHERE seq > ?', half);
  const db = new Database(copy);
  db.exec(`DELETE FROM checkpoints WHERE seq > ${half}`);
  db.close();
  expect(found(copy, receipts)).toBe(true);
  expect(receipts.length).toBeGreaterThan(0);
});

test.each(SIDES)('a key of the %s side that was slipped in is found', (side) => {
  const slipped = { ...keys, [side]: [{ keyId: 'another', raw: 'A'.repeat(43) }] };
  expect(verifyRecordFile(lane.record.path, { keys: slipped, receipts: [] }).ok).toBe(false);
});
