import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerBody, ControlAnswer, PrepareRequest } from '../contract/control-protocol.ts';
import { unwrap } from '../contract/result.ts';
import { createSigningKey } from '../crypto/signing.ts';
import { evidenceDigest, signAnswer } from './answer-signing.ts';
import { type ControlBench, NOW_MS, openBench, specimenRequest } from './test-kit.ts';
import { type AnswerToVerify, verifyAnswer } from './verify-answer.ts';

let bench: ControlBench;
let request: PrepareRequest;
let answer: ControlAnswer;
beforeAll(async () => {
  bench = await openBench('exit');
  request = specimenRequest('exit');
  answer = unwrap(bench.control.handlePrepare(request));
});
afterAll(() => bench.dispose());

const key = () => bench.options.signingKey;
const resigned = (change: Partial<AnswerBody>): ControlAnswer => signAnswer({ ...answer.body, ...change }, key());

function check(value: unknown, change: Partial<AnswerToVerify> = {}): string {
  const verified = verifyAnswer({
    answer: value,
    side: 'exit',
    recordId: request.evidence.recordId,
    evidenceDigest: evidenceDigest(request.evidence),
    keys: [{ keyId: key().keyId, raw: key().publicKeyRaw }],
    nowMs: NOW_MS + 100,
    maxAgeMs: 5_000,
    ...change,
  });
  if (verified.ok) return 'ok';
  return verified.error.code === 'controlAnswerInvalid' ? verified.error.problem : verified.error.code;
}

test('a good answer counts', () => {
  expect(check(answer)).toBe('ok');
  expect(check(JSON.parse(JSON.stringify(answer)))).toBe('ok');
});

describe('each problem is told apart', () => {
  test('malformed', () => {
    for (const value of [null, 'clear', {}, { ...answer, extra: 1 }, { ...answer, signature: '' }]) {
      expect(check(value)).toBe('malformed');
    }
    expect(check(resigned({ expiresAt: answer.body.answeredAt }))).toBe('malformed');
    expect(check(resigned({ expiresAt: '2099-01-01T00:00:00Z' }))).toBe('malformed');
  });

  test('wrong side, also when signed by a key of ours', () => {
    expect(check(resigned({ side: 'entry' }))).toBe('wrongSide');
  });

  test('unknown key, and a known key’s name over another key’s signature', () => {
    const stranger = createSigningKey().key;
    const forged = signAnswer(answer.body, stranger);
    expect(check(forged)).toBe('unknownKey');
    expect(check({ ...forged, keyId: key().keyId })).toBe('badSignature');
    expect(check(answer, { keys: [] })).toBe('unknownKey');
  });

  test('another record, other evidence', () => {
    expect(check(answer, { recordId: specimenRequest('exit').evidence.recordId })).toBe('foreignRecord');
    expect(check(answer, { evidenceDigest: 'c'.repeat(64) })).toBe('foreignEvidence');
  });

  test('stale and from the future', () => {
    expect(check(answer, { nowMs: NOW_MS + 5_001 })).toBe('stale');
    expect(check(answer, { nowMs: NOW_MS - 5_001 })).toBe('stale');
    expect(check(answer, { nowMs: NOW_MS - 4_999 })).toBe('ok');
  });

  test('expired at the very instant', () => {
    expect(check(answer, { nowMs: NOW_MS + 59_999, maxAgeMs: 120_000 })).toBe('ok');
    expect(check(answer, { nowMs: NOW_MS + 60_000, maxAgeMs: 120_000 })).toBe('expired');
  });
});

test('a refusal can’t be made a clearance: any changed field of the body breaks the signature', () => {
  for (const [name, value] of Object.entries({
    word: answer.body.word === 'clear' ? 'refuse' : 'clear',
    expiresAt: '2026-03-02T04:30:00.000Z',
    answeredAt: '2026-03-02T04:00:00.001Z',
    ruleVersion: 'other',
    reason: null,
  })) {
    expect(check({ ...answer, body: { ...answer.body, [name]: value } }), name).toBe('badSignature');
  }
});

test('whatever comes, nothing is thrown and nothing but our answer counts', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
      expect(check(value)).toBe('malformed');
    }),
    { numRuns: 500 },
  );
});
