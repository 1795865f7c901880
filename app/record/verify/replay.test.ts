import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSealingKey, seal } from '../../crypto/sealing.ts';
import { opening, traveller } from '../crossing.fixture.ts';
import { payloadOf, type RecordEvent } from '../record-events.ts';
import type { OpenRecord } from '../store.ts';
import { type ReplayEntry, replay } from './replay.ts';

/** What the replay of these events finds. */
function findings(events: readonly (readonly [recordId: string, event: RecordEvent])[]): readonly string[] {
  const found: string[] = [];
  const life = replay(
    { lane: [], exit: [], entry: [] },
    (code, { detail }) => found.push(`${code}: ${detail}`),
    () => undefined,
    () => false,
  );
  for (const [index, [recordId, event]] of events.entries()) {
    const entry: ReplayEntry = {
      seq: index + 1,
      hash: 'f'.repeat(64),
      at: `2026-03-01T08:00:${String(index).padStart(2, '0')}.000Z`,
      type: event.type,
      recordId,
      payload: payloadOf(event),
    };
    life.push(entry);
  }
  return found;
}

const who = traveller('somebody');
const opened = (record: OpenRecord) => [record.recordId, { type: 'opened', opening: record }] as const;
function releasedFrom(of: string): OpenRecord {
  const { key } = createSealingKey();
  const recordId = randomUUID();
  const grant = seal(key.publicKeyRaw, key.keyId, Buffer.from('who and why'), `${recordId} exit`);
  return { ...opening(who, recordId), release: { of, side: 'exit', grant } };
}
const STOPPED_NOBODY = ['illegalTransition: released from a record that had stopped nobody'];

test('a release goes on from a record that was resolved by it, once', () => {
  const first = opening(who);
  const referred = [first.recordId, { type: 'referred', owner: 'exit', code: 'noFace', checks: [] }] as const;
  const resolution = { type: 'resolved', action: 'released', officer: 'E1001', reasonCode: 'sealed' } as const;
  const next = releasedFrom(first.recordId);
  const ended = [next.recordId, { type: 'abandoned', code: 'walkedBack' }] as const;
  const history = [opened(first), referred, [first.recordId, resolution], opened(next), ended] as const;
  expect(findings(history)).toEqual([]);
  expect(findings([...history, opened(releasedFrom(first.recordId))])).toEqual(STOPPED_NOBODY);
});

test('nobody goes on from a record that ended otherwise, or that lives', () => {
  const first = opening(who);
  const other = opening(traveller('somebody else'));
  const abandoned = [first.recordId, { type: 'abandoned', code: 'walkedBack' }] as const;
  expect(findings([opened(first), abandoned, opened(releasedFrom(first.recordId))])).toEqual(STOPPED_NOBODY);
  expect(findings([opened(other), opened(releasedFrom(other.recordId))])).toEqual(STOPPED_NOBODY);
});

test('a record that another store keeps is not judged here', () => {
  expect(findings([opened(releasedFrom(randomUUID()))])).toEqual([]);
});
