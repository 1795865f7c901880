import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, unwrap } from '../../contract/result.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import type { Controls, FakeClock } from '../crossing.fixture.ts';
import type { JointRecordStore, StoreError } from '../store.ts';
import type { Engine } from './engine.ts';
import { openEngine } from './open-engine.ts';

/** For tests: the engine without its thread, as a store; hundreds of operations in the time a worker needs to start. */
export function engineBench(controls: Controls, clock: FakeClock) {
  const folder = mkdtempSync(join(tmpdir(), 'jointgate-engine-'));
  const path = join(folder, 'lane.db');
  const { engine, db } = unwrap(
    openEngine({
      path,
      laneSigningKeyPem: createSigningKey().pem,
      controlKeys: controls.keys,
      checkpoint: { everyEntries: 100, everyMs: 60_000 },
      clockToleranceMs: 2_000,
      maxPages: null,
      busyTimeoutMs: 100,
      nowMs: clock.now().getTime(),
    }),
  );
  const dispose = (): void => {
    db.close();
    rmSync(folder, { recursive: true });
  };
  return { store: asStore(engine, clock), path, dispose };
}

function asStore(engine: Engine, clock: FakeClock): JointRecordStore {
  const nowMs = (): number => clock.now().getTime();
  const soon = <T>(result: Result<T, StoreError>) => Promise.resolve(result);
  return {
    beginLife: (laneId) => soon(engine.beginLife(nowMs(), laneId)),
    open: (input, by) => soon(engine.open(nowMs(), input, by)),
    append: (recordId, fact, by) => soon(engine.append(nowMs(), recordId, fact, by)),
    commit: (recordId, by) => soon(engine.commit(nowMs(), recordId, by)),
    end: (recordId, ending, by) => soon(engine.end(nowMs(), recordId, ending, by)),
    audit: (entry) => soon(engine.audit(nowMs(), entry)),
    read: (recordId) => soon(engine.read(nowMs(), recordId)),
    live: (laneId) => soon(engine.live(nowMs(), laneId)),
    outbox: (side, limit) => soon(engine.outbox(nowMs(), side, limit)),
    noticeDelivered: (id) => soon(engine.noticeDelivered(nowMs(), id)),
    noticeFailed: (id) => soon(engine.noticeFailed(nowMs(), id)),
    noticeRefused: (id, code) => soon(engine.noticeRefused(nowMs(), id, code)),
    figures: (laneId, sinceIso) => soon(engine.figures(nowMs(), laneId, sinceIso)),
    checkpoint: () => soon(engine.checkpoint(nowMs())),
    close: () => Promise.resolve(),
  };
}
