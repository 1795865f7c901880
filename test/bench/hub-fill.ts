import type { Pool } from 'pg';

const STEP = 100_000;

/**
 * Fills the port's tables with ended records by SQL until there are `count`, each a copy of one that was really written, with
 * everything that belongs to it (answers, exit and entry, receipt, notices, journal entries) and digests of its own. They
 * lie in chains of their own, so that no lane's journal is touched.
 */
export async function fillRecords(pool: Pool, count: number): Promise<number> {
  const have = async (): Promise<number> =>
    Number((await pool.query<{ n: string }>('SELECT count(*) AS n FROM records')).rows[0]?.n);
  await pool.query(`INSERT INTO chains (chain, store_id, first_prev_hash, head_seq, head_hash, signed_seq)
    SELECT 'old-' || n, gen_random_uuid(), repeat('0', 64), 0, repeat('0', 64), 0 FROM generate_series(0, 99) n ON CONFLICT DO NOTHING`);
  for (let present = await have(); present < count; present = await have()) {
    const { rows } = await pool.query<{ record_id: string }>(
      `SELECT record_id FROM records WHERE state = 'passed' LIMIT 1`,
    );
    const model = rows[0]?.record_id;
    if (model === undefined) throw new Error('there is no record to copy');
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        `CREATE TEMP TABLE made ON COMMIT DROP AS SELECT gen_random_uuid() AS id, n,
          'old-' || (n % 100) AS lane, ($1::bigint + n) AS seq FROM generate_series(1, $2::int) n`,
        [present, Math.min(STEP, count - present)],
      );
      for (const sql of COPIES) await client.query(sql, [model]);
      await client.query('COMMIT');
    } catch (cause) {
      await client.query('ROLLBACK');
      throw cause;
    } finally {
      client.release();
    }
  }
  await pool.query('VACUUM ANALYZE');
  await pool.query('CHECKPOINT');
  return have();
}

const COPIES = [
  `INSERT INTO records SELECT (jsonb_populate_record(r, jsonb_build_object('record_id', m.id, 'lane_id', m.lane, 'opened_seq', m.seq))).*
    FROM records r, made m WHERE r.record_id = $1`,
  `INSERT INTO answers SELECT m.id, a.side, a.answer FROM answers a, made m WHERE a.record_id = $1`,
  `INSERT INTO clearances SELECT m.id, c.side, c.other_side, c.status, c.committed_at FROM clearances c, made m
    WHERE c.record_id = $1`,
  `INSERT INTO receipts SELECT m.id, r.receipt FROM receipts r, made m WHERE r.record_id = $1`,
  `INSERT INTO outbox (record_id, side, step, notice, attempts, delivered_at)
    SELECT m.id, o.side, o.step, o.notice, o.attempts, coalesce(o.delivered_at, r.ended_at)
    FROM outbox o JOIN records r USING (record_id), made m WHERE o.record_id = $1`,
  `INSERT INTO journal SELECT m.lane, m.seq * 20 + row_number() OVER (PARTITION BY m.id), j.at, j.type, m.id, j.payload,
    j.prev_hash, j.hash FROM journal j, made m WHERE j.record_id = $1`,
];
