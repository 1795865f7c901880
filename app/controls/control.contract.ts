import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrepareRequest } from '../contract/control-protocol.ts';
import { unwrap } from '../contract/result.ts';
import { evidenceDigest } from './answer-signing.ts';
import type { Control } from './control.ts';
import { openReasonReader } from './reason.ts';
import { type ControlBench, NOW_MS, openBench, specimenNotice, specimenRequest, specimenSeed } from './test-kit.ts';
import { verifyAnswer } from './verify-answer.ts';

/** Gives a control that stands in front of the bench's embedded one; `close` ends what it opened besides the bench. */
export type OpenFront = (bench: ControlBench) => Promise<{ readonly front: Control; close(): Promise<void> }>;

/** What every control is to the lane, wherever it runs. */
export function describeControl(name: string, openFront: OpenFront): void {
  describe(`${name} is a control`, () => {
    let bench: ControlBench;
    let front: Control;
    let close: () => Promise<void>;
    beforeAll(async () => {
      bench = await openBench('entry');
      ({ front, close } = await openFront(bench));
      const endorsements = [1, 2, 3].map((n) => ({
        id: `e${n}`,
        entries: 1,
        stayDays: 7,
        validFrom: '2026-01-01',
        validUntil: '2026-12-31',
      }));
      unwrap(bench.control.seed(specimenSeed({ endorsements })));
    });
    afterAll(async () => {
      await front.close();
      await close();
      await bench.dispose();
    });

    const signal = () => new AbortController().signal;
    const prepare = (request: PrepareRequest) => front.prepare(request, signal());
    const notify = (step: 'commit' | 'void' | 'receipt', recordId: string) =>
      front.notify(specimenNotice('entry', step, recordId), `${recordId}:${step}`, signal());

    async function verified(request: PrepareRequest) {
      return unwrap(
        verifyAnswer({
          answer: unwrap(await prepare(request)),
          side: 'entry',
          recordId: request.evidence.recordId,
          evidenceDigest: evidenceDigest(request.evidence),
          keys: unwrap(await front.keys()),
          nowMs: NOW_MS,
          maxAgeMs: 5_000,
        }),
      );
    }

    test('it answers with a word that its own key has signed, and a reason its officers can open', async () => {
      const request = specimenRequest('entry');
      const answer = await verified(request);
      expect(answer.body.word).toBe('clear');
      expect(openReasonReader('entry', bench.sealingPem).open(answer)).toMatchObject({ value: { code: 'eligible' } });
      unwrap(await notify('void', request.evidence.recordId));
    });

    test('asked again, it gives the same answer', async () => {
      const request = specimenRequest('entry');
      expect(unwrap(await prepare(request))).toEqual(unwrap(await prepare(request)));
      unwrap(await notify('void', request.evidence.recordId));
    });

    test('asked with other evidence for the same record, it refuses as a security alarm', async () => {
      const request = specimenRequest('entry');
      unwrap(await prepare(request));
      const other = { ...request, evidence: { ...request.evidence, laneId: 'L2' } };
      expect(await prepare(other)).toEqual({
        ok: false,
        error: { code: 'controlAnswerInvalid', side: 'entry', problem: 'foreignEvidence' },
      });
      unwrap(await notify('void', request.evidence.recordId));
    });

    test('asked for the other side, it says so', async () => {
      expect(await prepare(specimenRequest('exit'))).toEqual({
        ok: false,
        error: { code: 'controlAnswerInvalid', side: 'entry', problem: 'wrongSide' },
      });
    });

    test('asked for a voided record, it does not clear', async () => {
      const request = specimenRequest('entry');
      unwrap(await notify('void', request.evidence.recordId));
      expect(await prepare(request)).toMatchObject({ error: { code: 'controlUnreachable', detail: 'recordVoided' } });
    });

    test('asked too late, it times out', async () => {
      expect(await prepare(specimenRequest('entry', { atMs: NOW_MS - 60_000 }))).toMatchObject({
        error: { code: 'controlTimeout' },
      });
      expect(await front.prepare(specimenRequest('entry'), AbortSignal.abort())).toMatchObject({
        error: { code: 'controlTimeout' },
      });
    });

    test('notices may be told again and in any order; what was committed is used', async () => {
      const request = specimenRequest('entry');
      const { recordId } = request.evidence;
      unwrap(await prepare(request));
      for (const step of ['receipt', 'commit', 'commit', 'receipt'] as const) unwrap(await notify(step, recordId));
      expect(unwrap(bench.control.stateOf(recordId))).toBe('passed');
      const again = await verified(specimenRequest('entry'));
      expect(again.body.word).not.toBe('clear');
    });

    test('a notice with another content under the same step is refused for good', async () => {
      const { recordId } = specimenRequest('entry').evidence;
      unwrap(await notify('void', recordId));
      const changed = { ...specimenNotice('entry', 'void', recordId), detail: { code: 'other' } };
      expect(await front.notify(changed, `${recordId}:void`, signal())).toMatchObject({
        error: { code: 'controlUnreachable', detail: 'noticeChanged' },
      });
    });

    test('a malformed request is refused, never thrown at', async () => {
      const broken = { ...specimenRequest('entry'), document: null } as unknown as PrepareRequest;
      expect(await prepare(broken)).toMatchObject({
        error: { code: 'controlUnreachable', detail: 'requestMalformed' },
      });
    });
  });
}
