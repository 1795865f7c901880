import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { PrepareRequest } from '../../app/contract/control-protocol.ts';
import type { Side } from '../../app/contract/crossing.ts';
import { unwrap } from '../../app/contract/result.ts';
import { specimenDocument, specimenRequest } from '../../app/controls/test-kit.ts';
import { canonicalBytes } from '../../app/crypto/canonical-json.ts';
import { sha256Hex } from '../../app/crypto/digest.ts';
import { asked, identified, opening, type Traveller, traveller } from '../../app/record/crossing.fixture.ts';
import type { HubRecordStore } from '../../app/record/remote/hub-store.ts';
import type { OpenRecord, RecordFact } from '../../app/record/store.ts';
import type { ControlPool } from './hub-control-pool.ts';

export const laneName = (lane: number): string => `lane-${lane}`;

export interface CrossingTimes {
  readonly wholeMs: number;
  readonly commitMs: number;
}

/**
 * One crossing of one simulated lane: six requests to the hub (opened; identified; verified and asked; both answers and the
 * commit; the last door's release; the passage), both controls asked in between. The notices follow, see `deliver`.
 */
export async function cross(
  lane: number,
  store: HubRecordStore,
  controls: ControlPool,
  number: string,
): Promise<CrossingTimes> {
  const startedMs = performance.now();
  const who = traveller();
  const record = opening(who, randomUUID(), laneName(lane));
  const { recordId } = record;
  unwrap(await store.open(record));
  unwrap(await store.append(recordId, identified(who)));
  const question = questionOf(who, record);
  done(
    await store.steps(recordId, [
      { step: 'append', fact: { type: 'verified', face: specimen.face, checks: [] } },
      { step: 'append', fact: question },
    ]),
  );
  const ask = (side: Side): PrepareRequest => ({
    version: 1,
    side,
    evidence: question.evidence,
    document: specimenDocument({ number, expiryDate: '2090-01-01' }),
    consentGivenAt: '2025-01-10T00:00:00Z',
    deadline: new Date(Date.now() + 60_000).toISOString(),
  });
  const [exit, entry] = await Promise.all([controls.prepare(ask('exit')), controls.prepare(ask('entry'))]);
  const commitStartedMs = performance.now();
  done(
    await store.steps(recordId, [
      { step: 'append', fact: { type: 'answered', answer: exit } },
      { step: 'append', fact: { type: 'answered', answer: entry } },
      { step: 'commit' },
    ]),
  );
  const committedMs = performance.now();
  unwrap(await store.append(recordId, { type: 'lastDoorReleased', door: 3, passagesBefore: 41 }));
  unwrap(await store.end(recordId, { type: 'passed', passagesAfter: 42 }));
  return { wholeMs: performance.now() - startedMs, commitMs: committedMs - commitStartedMs };
}

/** As a lane puts it before both controls, with every check passed. */
function questionOf(who: Traveller, record: OpenRecord): Extract<RecordFact, { type: 'asked' }> {
  const { evidence } = asked(who, record, new Date());
  const whole = { ...evidence, checks: specimen.checks, face: specimen.face };
  return { type: 'asked', evidence: whole, evidenceDigest: sha256Hex(canonicalBytes(whole)) };
}
const { evidence: specimen } = specimenRequest('exit');

/** What a lane's dispatcher does: tells both controls what waits for them, then the hub what was told. */
export async function deliver(store: HubRecordStore, controls: ControlPool): Promise<number> {
  const both = await Promise.all([store.outbox('exit', 500), store.outbox('entry', 500)]);
  const notices = both.flatMap((found) => unwrap(found));
  if (notices.length === 0) return 0;
  await controls.notify(notices.map(({ notice }) => notice));
  for (let from = 0; from < notices.length; from += 500) {
    unwrap(await store.noticesDelivered(notices.slice(from, from + 500).map(({ id }) => id)));
  }
  return notices.length;
}

function done(result: Awaited<ReturnType<HubRecordStore['steps']>>): void {
  const { refusal } = unwrap(result);
  if (refusal !== null) throw new Error(`refused: ${JSON.stringify(refusal)}`);
}
