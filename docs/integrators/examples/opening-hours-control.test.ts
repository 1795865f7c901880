import { expect, test } from 'vitest';
import { unwrap } from '../../../app/contract/result.ts';
import { evidenceDigest } from '../../../app/controls/answer-signing.ts';
import { openReasonReader } from '../../../app/controls/reason.ts';
import { NOW_MS, specimenRequest } from '../../../app/controls/test-kit.ts';
import { verifyAnswer } from '../../../app/controls/verify-answer.ts';
import { createSealingKey } from '../../../app/crypto/sealing.ts';
import { createSigningKey } from '../../../app/crypto/signing.ts';
import { OpeningHoursControl } from './opening-hours-control.ts';

const signing = createSigningKey().key;
const sealing = createSealingKey();
const controlAt = (hour: number) =>
  new OpeningHoursControl({
    side: 'exit',
    signingKey: signing,
    sealTo: sealing.key,
    opensAt: 6,
    closesAt: 22,
    hourNow: () => hour,
    nowMs: () => NOW_MS,
  });

/** What the lane does with every answer before it counts. */
async function asked(control: OpeningHoursControl) {
  const request = specimenRequest('exit');
  return unwrap(
    verifyAnswer({
      answer: unwrap(await control.prepare(request)),
      side: 'exit',
      recordId: request.evidence.recordId,
      evidenceDigest: evidenceDigest(request.evidence),
      keys: unwrap(await control.keys()),
      nowMs: NOW_MS,
      maxAgeMs: 10_000,
    }),
  );
}

test('its answers count: signed, bound to the record, in time', async () => {
  expect((await asked(controlAt(12))).body.word).toBe('clear');
  expect((await asked(controlAt(23))).body.word).toBe('refer');
});

test('why it refers is for its own officers only', async () => {
  const answer = await asked(controlAt(3));
  expect(JSON.stringify(answer)).not.toContain('outsideOpeningHours');
  expect(unwrap(openReasonReader('exit', sealing.pem).open(answer)).code).toBe('outsideOpeningHours');
});
