import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unwrap } from '../../app/contract/result.ts';
import { openPortBench, urlOf } from '../../app/hub/hub-bench.fixture.ts';
import { createControls, opening, traveller } from '../../app/record/crossing.fixture.ts';
import type { HubRecordStore } from '../../app/record/remote/hub-store.ts';
import { type HubChild, startHubChild } from './hub-child.ts';

// Two lanes, at two hubs, are presented with the same document, or with two documents of one profile, at the same instant:
// exactly one goes on, always. JOINTGATE_PAIRS=10000 (`npm run pairs:hub`) for the whole proof.

const PAIRS = Number(process.env.JOINTGATE_PAIRS ?? 60);
/** Pairs of lanes that do it beside each other, so that hubs also write many changes together. */
const SIDE_BY_SIDE = 6;
/** It is asked who goes on, not how soon: a busy machine must not look like a hub that is gone. */
const PATIENT = { timeoutMs: 60_000, attemptTimeoutMs: 60_000 };

const bench = await openPortBench();
afterAll(() => bench?.dispose());

describe.skipIf(bench === null)('two lanes and one traveller (G3)', () => {
  if (bench === null) return;
  let hubs: readonly HubChild[];
  let lanes: readonly (readonly [HubRecordStore, HubRecordStore])[];
  beforeAll(async () => {
    await bench.freshDatabase();
    const { keys } = createControls();
    hubs = [await startHubChild(bench, keys), await startHubChild(bench, keys)];
    lanes = await Promise.all(
      Array.from({ length: SIDE_BY_SIDE }, (_, pair) =>
        Promise.all([
          bench.openStore(`lane-${pair}a`, [urlOf(hubs[0]?.port ?? 0)], PATIENT),
          bench.openStore(`lane-${pair}b`, [urlOf(hubs[pair % 2]?.port ?? 0)], PATIENT),
        ]),
      ),
    );
  }, 60_000);
  afterAll(async () => {
    for (const store of lanes?.flat() ?? []) await store.close();
    for (const hub of hubs ?? []) await hub.kill();
  });

  /** Both lanes open at once; gives how it went on, and ends what goes on. */
  const meet = async (pair: number, sameDocument: boolean): Promise<void> => {
    const who = traveller();
    const stores = lanes[pair] as readonly [HubRecordStore, HubRecordStore];
    const inputs = (['a', 'b'] as const).map((half) => ({
      ...opening(who, randomUUID(), `lane-${pair}${half}`),
      profileDigest: who.profile,
      documentDigests: [half === 'a' || sameDocument ? who.exitDocument : who.entryDocument],
    }));
    const results = await Promise.all(inputs.map((input, index) => (stores[index] as HubRecordStore).open(input)));
    const winners = inputs.filter((_input, index) => results[index]?.ok);
    expect(winners).toHaveLength(1);
    const refused = results.find((result) => !result.ok);
    expect(refused).toEqual({
      ok: false,
      error: { code: 'duplicateDocument', liveRecordId: winners[0]?.recordId },
    });
    const winner = results.findIndex(({ ok }) => ok);
    const ending = { type: 'abandoned', code: 'didNotEnter' } as const;
    unwrap(await (stores[winner] as HubRecordStore).end(inputs[winner]?.recordId ?? '', ending));
  };

  test(`${PAIRS} simultaneous pairs: exactly one of each goes on`, async () => {
    let begun = 0;
    await Promise.all(
      lanes.map(async (_stores, pair) => {
        while (begun < PAIRS) {
          begun += 1;
          await meet(pair, begun % 2 === 0);
        }
      }),
    );
    const pool = new Pool(bench.connection);
    const { rows } = await pool.query(
      'SELECT (SELECT count(*) FROM records) AS records, (SELECT count(*) FROM claims) AS claims',
    );
    expect(rows).toEqual([{ records: `${begun}`, claims: '0' }]);
    await pool.end();
  }, 600_000);
});
