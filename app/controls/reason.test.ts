import { afterAll, beforeAll, expect, test } from 'vitest';
import { DECISION_CODES } from '../contract/decision-codes.ts';
import { unwrap } from '../contract/result.ts';
import { openReasonReader } from './reason.ts';
import { type ControlBench, openBench, specimenRequest, specimenSeed } from './test-kit.ts';

let exit: ControlBench;
let entry: ControlBench;
beforeAll(async () => {
  exit = await openBench('exit');
  entry = await openBench('entry');
});
afterAll(async () => {
  await exit.dispose();
  await entry.dispose();
});

const watched = () => {
  unwrap(
    exit.control.seed(
      specimenSeed({}, [{ kind: 'document', id: 'wanted-7', issuingState: 'CHN', number: 'C12345678', word: 'refer' }]),
    ),
  );
  return unwrap(exit.control.handlePrepare(specimenRequest('exit')));
};

test('the owning side reads its reason, with the rule and that it is silent', () => {
  expect(openReasonReader('exit', exit.sealingPem).open(watched())).toEqual({
    ok: true,
    value: { code: 'watchlistDocument', rule: 'watchlist.wanted-7', silent: true },
  });
});

test('G5: the other side’s key opens nothing, under either name', () => {
  const answer = watched();
  expect(openReasonReader('entry', entry.sealingPem).open(answer)).toEqual({ ok: false, error: { code: 'notOurs' } });
  expect(openReasonReader('exit', entry.sealingPem).open(answer)).toEqual({ ok: false, error: { code: 'notOurs' } });
  // Even when the box is relabelled as sealed to the other side's key.
  const relabelled = { ...answer.body.reason!, keyId: entry.options.sealTo.keyId };
  const forged = { ...answer, body: { ...answer.body, reason: relabelled } };
  expect(openReasonReader('exit', entry.sealingPem).open(forged)).toEqual({
    ok: false,
    error: { code: 'undecipherable' },
  });
});

test('G5: the answer holds no reason in clear, and its length tells nothing', () => {
  const hit = watched();
  unwrap(exit.control.seed(specimenSeed({}, [])));
  const clear = unwrap(exit.control.handlePrepare(specimenRequest('exit')));
  const expired = unwrap(
    exit.control.handlePrepare(specimenRequest('exit', { document: { expiryDate: '2020-01-01' } })),
  );
  const text = JSON.stringify([hit, clear, expired]);
  for (const code of [...DECISION_CODES, 'wanted-7', 'watchlist', 'silent']) expect(text).not.toContain(code);
  const lengths = [hit, clear, expired].map(({ body }) => JSON.stringify({ ...body, word: '' }).length);
  expect(new Set(lengths).size).toBe(1);
});

test('a reason can’t be moved to another record’s answer', () => {
  const first = watched();
  const second = unwrap(exit.control.handlePrepare(specimenRequest('exit')));
  const moved = { ...second, body: { ...second.body, reason: first.body.reason } };
  expect(openReasonReader('exit', exit.sealingPem).open(moved)).toEqual({
    ok: false,
    error: { code: 'undecipherable' },
  });
});
