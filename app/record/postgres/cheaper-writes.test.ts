import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { expect, test } from 'vitest';
import { unwrap } from '../../contract/result.ts';
import { startDevPostgres } from './dev-server.ts';
import { migratePostgres } from './migrate.ts';
import { PG_MIGRATIONS } from './migrations/index.ts';

const RECORD = '0b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52';
const AT = '2026-01-01T00:00:00.000Z';

test('notices that waited before the migration are still found by their lane', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-migrate-'));
  // PostgreSQL never runs as root: where the test does, another user must get through to its data.
  chmodSync(folder, 0o711);
  const started = await startDevPostgres(join(folder, 'pg'));
  if (!started.ok) {
    process.stderr.write(`migration: ${started.error.detail}; not tested here\n`);
    return;
  }
  const pool = new Pool(started.value.connection);
  try {
    const old = PG_MIGRATIONS.filter(({ version }) => version < 4);
    unwrap(await migratePostgres(pool, old));
    await pool.query(
      `INSERT INTO records VALUES ($1, 1, 'lane-7', 'exit', 'entry', 'passed', $2, $2, NULL, $2, 'standing', NULL, '{}', 1)`,
      [RECORD, AT],
    );
    await pool.query(
      `INSERT INTO outbox (record_id, side, step, notice, delivered_at)
        VALUES ($1, 'exit', 'commit', '{}', NULL), ($1, 'entry', 'commit', '{}', $2)`,
      [RECORD, AT],
    );
    unwrap(await migratePostgres(pool, PG_MIGRATIONS));
    const { rows } = await pool.query('SELECT side, lane_id FROM outbox ORDER BY id');
    expect(rows).toEqual([
      { side: 'exit', lane_id: 'lane-7' },
      { side: 'entry', lane_id: null },
    ]);
    await expect(
      pool.query(`INSERT INTO outbox (record_id, side, step, notice) VALUES ($1, 'exit', 'receipt', '{}')`, [RECORD]),
    ).rejects.toThrow('waiting_for_a_lane');
  } finally {
    await pool.end();
    await started.value.stop('immediate');
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
