import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walkThrough } from '../crossing.fixture.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { type SqliteBench, sqliteBench } from './sqlite.fixture.ts';

let bench: SqliteBench;
beforeEach(async () => {
  bench = await sqliteBench();
});
afterEach(() => bench.dispose());

const noKeys = { keys: null, receipts: [] };

test('a power loss that tears the write-ahead log anywhere leaves an older whole record, never half a one', async () => {
  for (let i = 0; i < 2; i++) await walkThrough(bench);
  const wal = `${bench.path}-wal`;
  const { size } = statSync(wal);
  const copy = join(dirname(bench.path), 'torn.db');
  const entries = new Set<number>();
  for (let cut = 0; cut < 40; cut++) {
    copyFileSync(bench.path, copy);
    copyFileSync(wal, `${copy}-wal`);
    // The cut, and half the time garbage in the page that was being written.
    const at = Math.floor((size * (cut + Math.random())) / 40);
    truncateSync(`${copy}-wal`, at);
    if (cut % 2 === 1) {
      const bytes = readFileSync(`${copy}-wal`);
      bytes.fill(0xa5, Math.max(0, at - 600));
      writeFileSync(`${copy}-wal`, bytes);
    }
    const found = verifyRecordFile(copy, noKeys);
    if (found.findings.some(({ code }) => code === 'fileUnreadable')) {
      // So early that even the file's first transaction was not on disk: nothing was acknowledged then.
      expect(found.entries).toBe(0);
      continue;
    }
    expect(found.findings, `cut at ${at} of ${size}`).toEqual([]);
    entries.add(found.entries);
  }
  // The cuts did hit different moments, or the test would prove nothing.
  expect(entries.size).toBeGreaterThan(10);
});
