import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RECORD_STATES } from '../../contract/crossing.ts';
import { unwrap } from '../../contract/result.ts';
import { LANE_ID, opening, traveller } from '../crossing.fixture.ts';
import { verifyRecordFile } from '../verify/verify-file.ts';
import { openSqliteRecordStore } from './client.ts';
import { runAndKill } from './kill.fixture.ts';

// G4: kill -9 between any two instructions. More rounds: JOINTGATE_KILLS=300 (`npm run chaos`).
const KILLS = Number(process.env.JOINTGATE_KILLS ?? 6);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jointgate-kill-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Later in a record's life than, or as late as. Ends are reached from anywhere. */
function atLeast(state: string, acknowledged: string): boolean {
  const rank = (name: string): number => RECORD_STATES.indexOf(name as (typeof RECORD_STATES)[number]);
  return state === acknowledged || rank(state) > rank(acknowledged);
}

describe('G4: a lane killed while writing', () => {
  test(`${KILLS} kills: every acknowledged write is there, exit and entry agree, the journal verifies, the lane goes on`, {
    timeout: 10_000 + KILLS * 3_000,
  }, async () => {
    const path = join(folder, 'lane.db');
    const keyFile = join(folder, 'keys', 'lane.pem');
    let total = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const acks = 1 + Math.floor(Math.random() * 60);
      const { acknowledged, controlKeys } = await runAndKill(path, keyFile, acks);
      total += acknowledged.size;
      expect(verifyRecordFile(path, { keys: null, receipts: [] }).findings, `kill ${kill}, ${acks} acks`).toEqual([]);
      const options = { path, laneSigningKey: { file: keyFile }, controlKeys, clock: () => new Date() };
      const store = unwrap(await openSqliteRecordStore(options));
      for (const [recordId, state] of acknowledged) {
        const found = unwrap(await store.read(recordId));
        expect(atLeast(found.state, state), `${recordId}: acknowledged ${state}, found ${found.state}`).toBe(true);
      }
      // At most the one record it was busy with, and the referrals that wait for an officer, are without an end.
      const live = unwrap(await store.live(LANE_ID));
      expect(live.filter(({ state }) => state !== 'referred').length).toBeLessThanOrEqual(1);
      for (const { recordId, state } of live) {
        const ending =
          state === 'committed'
            ? ({ type: 'voided', code: 'laneRestarted' } as const)
            : state === 'referred'
              ? ({ type: 'resolved', action: 'sentBack', officer: 'test', reasonCode: 'test' } as const)
              : ({ type: 'abandoned', code: 'laneRestarted' } as const);
        unwrap(await store.end(recordId, ending));
      }
      unwrap(await store.open(opening(traveller())));
      unwrap(
        await store.end(unwrap(await store.live(LANE_ID))[0]!.recordId, { type: 'abandoned', code: 'didNotEnter' }),
      );
      await store.close();
    }
    expect(total).toBeGreaterThan(0);
    expect(verifyRecordFile(path, { keys: null, receipts: [] })).toMatchObject({ ok: true, unsigned: 0 });
  });
});
