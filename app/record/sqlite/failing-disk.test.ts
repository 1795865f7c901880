import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { LANE_ID, opening, traveller, walkThrough } from '../crossing.fixture.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { openSqliteRecordStore } from './client.ts';
import { openEngine } from './open-engine.ts';
import { type SqliteBench, sqliteBench } from './sqlite.fixture.ts';

const noKeys = { keys: null, receipts: [] };
const failed = (detail: RegExp) => ({
  ok: false,
  error: { code: 'storeFailed', detail: expect.stringMatching(detail) },
});

let bench: SqliteBench;
beforeEach(async () => {
  bench = await sqliteBench();
});
afterEach(() => bench.dispose());

/** Opens records until the store says no; gives the ids it has acknowledged. */
async function fill(
  store: SqliteBench['store'],
): Promise<{ readonly acknowledged: string[]; readonly detail: string }> {
  const acknowledged: string[] = [];
  for (let i = 0; i < 20_000; i++) {
    const record = opening(traveller());
    const result = await store.open(record);
    if (!result.ok) return { acknowledged, detail: result.error.code === 'storeFailed' ? result.error.detail : '' };
    acknowledged.push(record.recordId);
  }
  throw new Error('the disk never filled');
}

describe('a full disk', () => {
  test('(page limit) fails in words, keeps every acknowledged record, and goes on when there is room again', async () => {
    await bench.store.close();
    const small = await bench.open({ maxPages: 80 });
    const { acknowledged, detail } = await fill(small);
    expect(detail).toMatch(/^SQLITE_FULL/);
    expect(unwrap(await small.live(LANE_ID))).toHaveLength(acknowledged.length);
    await small.close();
    expect(verifyRecordFile(bench.path, noKeys).findings).toEqual([]);
    const again = await bench.open();
    await walkThrough({ ...bench, store: again });
    for (const recordId of acknowledged) expect((await again.read(recordId)).ok).toBe(true);
  });
});

const mounted = canMount();
if (!mounted)
  process.stderr.write('failing-disk: no right to mount; the real full and read-only disk are not tested here\n');

describe.skipIf(!mounted)('a real small disk (tmpfs)', () => {
  let disk: string;
  beforeEach(() => {
    disk = join(dirname(bench.path), 'disk');
    mkdirSync(disk, { mode: 0o700 });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k,mode=0700', 'tmpfs', disk]);
  });
  afterEach(() => execFileSync('umount', ['-l', disk]));

  test('full: fails in words, keeps every acknowledged record, and verifies', async () => {
    const path = join(disk, 'lane.db');
    const store = await bench.open({ path });
    const { acknowledged, detail } = await fill(store);
    expect(detail).toMatch(/^SQLITE_(FULL|IOERR)/);
    expect(unwrap(await store.live(LANE_ID)).map(({ recordId }) => recordId)).toEqual(acknowledged);
    execFileSync('mount', ['-o', 'remount,size=4m', disk]);
    unwrap(await store.open(opening(traveller())));
    await store.close();
    expect(verifyRecordFile(path, noKeys)).toMatchObject({ findings: [], records: acknowledged.length + 1 });
  });

  test('read-only: the lane does not start on it, the record can still be verified', async () => {
    const path = join(disk, 'lane.db');
    const store = await bench.open({ path });
    unwrap(await store.open(opening(traveller())));
    await store.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expect(await openSqliteRecordStore({ ...bench.options, path })).toMatchObject(failed(/^(SQLITE_|EROFS)/));
    expect(verifyRecordFile(path, noKeys)).toMatchObject({ findings: [], records: 1 });
  });
});

describe('a damaged file', () => {
  test('any page of it overwritten: never verifies, never hangs, never throws', async () => {
    for (let i = 0; i < 3; i++) await walkThrough(bench);
    await bench.store.close();
    const good = readFileSync(bench.path);
    const pages = good.length / 4096;
    const path = join(dirname(bench.path), 'damaged.db');
    const refusedPages = [];
    for (let page = 0; page < pages; page++) {
      const bytes = Buffer.from(good);
      bytes.fill(0x5a, page * 4096, (page + 1) * 4096);
      writeFileSync(path, bytes);
      expect(verifyRecordFile(path, noKeys).ok, `page ${page + 1} of ${pages}`).toBe(false);
      if (await refuses(path)) refusedPages.push(page);
    }
    // Not every damage shows at the start (an old page is met later); the header and the journal's end do.
    expect(refusedPages).toContain(0);
    expect(refusedPages.length).toBeGreaterThan(2);
  });

  async function refuses(path: string): Promise<boolean> {
    const { laneSigningKey, controlKeys } = bench.options;
    if (!('pem' in laneSigningKey)) throw new Error('the bench has a key in memory');
    try {
      const opened = openEngine({
        path,
        laneSigningKeyPem: laneSigningKey.pem,
        controlKeys,
        checkpoint: { everyEntries: 100, everyMs: 60_000 },
        clockToleranceMs: 2_000,
        maxPages: null,
        busyTimeoutMs: 100,
        nowMs: bench.clock.now().getTime(),
      });
      if (!opened.ok) return true;
      opened.value.db.close();
      return false;
    } catch (cause) {
      expect(cause).toMatchObject({ code: expect.stringMatching(/^SQLITE_/) });
      return true;
    }
  }

  test('a lane refuses to go on after a journal whose end was changed', async () => {
    await walkThrough(bench);
    await bench.store.close();
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(bench.path);
    db.exec(
      'DROP TRIGGER journal_is_erased_from_the_front; DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)',
    );
    db.close();
    expect(await openSqliteRecordStore(bench.options)).toMatchObject(failed(/^journalBroken/));
  });
});

function canMount(): boolean {
  const probe = '/tmp/jointgate-mount-probe';
  try {
    mkdirSync(probe, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    // Not root, or no mount here: said aloud by the caller.
    return false;
  }
}
