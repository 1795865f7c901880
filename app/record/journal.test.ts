import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalBytes } from '../crypto/canonical-json.ts';
import { sha256Hex } from '../crypto/digest.ts';
import { chain, journalHash, journalHashOfText, NO_HASH } from './journal.ts';

test('an entry’s hash is the SHA-256 of the canonical JSON of its whole body', () => {
  const text = fc.string({ unit: 'grapheme' });
  const body = fc.record({
    seq: fc.integer({ min: 1 }),
    at: text,
    type: text,
    recordId: fc.option(text),
    payload: fc.jsonValue({ maxDepth: 3 }),
    prevHash: text,
  });
  fc.assert(
    fc.property(body, (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value));
      expect(journalHash(value)).toBe(sha256Hex(canonicalBytes(plain)));
    }),
    { numRuns: 200 },
  );
});

test('a known entry has a known hash: nobody’s journal may change its meaning', () => {
  const draft = { type: 'audit', recordId: null, payload: { event: 'laneStarted', owner: 'port', facts: {} } };
  const { entry, payloadText } = chain(draft, { seq: 0, hash: NO_HASH }, '2026-03-01T08:00:00.000Z');
  expect(payloadText).toBe('{"event":"laneStarted","facts":{},"owner":"port"}');
  expect(entry).toMatchObject({ seq: 1, prevHash: NO_HASH });
  const written = `{"at":"2026-03-01T08:00:00.000Z","payload":${payloadText},"prevHash":"${NO_HASH}","recordId":null,"seq":1,"type":"audit"}`;
  expect(entry.hash).toBe(sha256Hex(written));
});

test('a payload that only means the same does not hash the same', () => {
  const body = { seq: 1, at: 'a', type: 't', recordId: null, prevHash: NO_HASH };
  expect(journalHashOfText(body, '{"a":1}')).toBe(journalHash({ ...body, payload: { a: 1 } }));
  expect(journalHashOfText(body, '{"a": 1}')).not.toBe(journalHash({ ...body, payload: { a: 1 } }));
});
