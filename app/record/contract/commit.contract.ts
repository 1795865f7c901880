import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ControlAnswer } from '../../contract/control-protocol.ts';
import { SIDES } from '../../contract/crossing.ts';
import { unwrap } from '../../contract/result.ts';
import { createSigningKey } from '../../crypto/signing.ts';
import { ANSWER_LIFE_MS, answer, answerBoth, walkToAsked, walkToCommitted } from '../crossing.fixture.ts';
import { type ContractBench, refused } from './bench.contract.ts';

/** G1 and G2: what a commit needs, and that both controls learn of it together. */
export function commitContract(t: ContractBench): void {
  describe('commit (G1, G2)', () => {
    const tampered = (signed: ControlAnswer): ControlAnswer => ({
      ...signed,
      body: { ...signed.body, expiresAt: '2036-01-01T00:00:00.000Z' },
    });

    test('tells both controls in one step and once', async () => {
      const { record, evidenceDigest } = await walkToCommitted(t.walker);
      for (const side of SIDES) {
        expect(await t.outbox(side)).toMatchObject([
          { attempts: 0, notice: { side, step: 'commit', recordId: record.recordId, detail: { evidenceDigest } } },
        ]);
      }
      expect(await t.store.commit(record.recordId)).toMatchObject(refused('wrongState', { state: 'committed' }));
      expect(await t.outbox('exit')).toHaveLength(1);
    });

    test.each(['refer', 'refuse'] as const)('%s of either side refuses it', async (word) => {
      for (const side of SIDES) {
        const walk = await walkToAsked(t.walker);
        await answerBoth(t.walker, walk, { [side]: word });
        expect(await t.store.commit(walk.record.recordId)).toMatchObject(
          refused('commitRefused', { reason: 'notClear' }),
        );
      }
      expect(await t.outbox('exit')).toEqual([]);
      expect(await t.outbox('entry')).toEqual([]);
    });

    test('a missing answer refuses it', async () => {
      const { record, evidenceDigest } = await walkToAsked(t.walker);
      const missing = refused('commitRefused', { recordId: record.recordId, reason: 'answerMissing' });
      expect(await t.store.commit(record.recordId)).toEqual(missing);
      const signed = answer(t.controls.exit, t.clock.now(), {
        side: 'exit',
        recordId: record.recordId,
        evidenceDigest,
      });
      unwrap(await t.store.append(record.recordId, { type: 'answered', answer: signed }));
      expect(await t.store.commit(record.recordId)).toEqual(missing);
    });

    test('the first millisecond of the earlier expiry refuses it; the one before does not', async () => {
      const late = await walkToAsked(t.walker);
      await answerBoth(t.walker, late);
      const intime = await walkToAsked(t.walker);
      await answerBoth(t.walker, intime);
      t.clock.advance(ANSWER_LIFE_MS - 1);
      expect(unwrap(await t.store.commit(intime.record.recordId)).state).toBe('committed');
      t.clock.advance(1);
      expect(await t.store.commit(late.record.recordId)).toMatchObject(refused('commitRefused', { reason: 'expired' }));
    });

    test('a clock that was set back does not revive an old clear', async () => {
      const walk = await walkToAsked(t.walker);
      await answerBoth(t.walker, walk);
      t.clock.advance(-3_600_000);
      const refusal = refused('commitRefused', { reason: 'expired' });
      expect(await t.store.commit(walk.record.recordId)).toMatchObject(refusal);
    });

    test('answers that are altered, by another key, of the other side, record or evidence refuse it', async () => {
      const stranger = createSigningKey().key;
      const at = t.clock.now();
      const cases: readonly [string, (recordId: string, evidenceDigest: string) => ControlAnswer, string][] = [
        [
          'altered',
          (r, e) => tampered(answer(t.controls.exit, at, { side: 'exit', recordId: r, evidenceDigest: e })),
          'badSignature',
        ],
        ['stranger', (r, e) => answer(stranger, at, { side: 'exit', recordId: r, evidenceDigest: e }), 'badSignature'],
        [
          'stranger under the key id of the control',
          (r, e) => ({
            ...answer(stranger, at, { side: 'exit', recordId: r, evidenceDigest: e }),
            keyId: t.controls.exit.keyId,
          }),
          'badSignature',
        ],
        [
          'other side’s key',
          (r, e) => answer(t.controls.entry, at, { side: 'exit', recordId: r, evidenceDigest: e }),
          'badSignature',
        ],
        [
          'record',
          (_r, e) => answer(t.controls.exit, at, { side: 'exit', recordId: randomUUID(), evidenceDigest: e }),
          'foreignAnswer',
        ],
        [
          'evidence',
          (r) => answer(t.controls.exit, at, { side: 'exit', recordId: r, evidenceDigest: 'a'.repeat(64) }),
          'foreignAnswer',
        ],
      ];
      for (const [what, forge, reason] of cases) {
        const { record, evidenceDigest } = await walkToAsked(t.walker);
        const { recordId } = record;
        const good = answer(t.controls.entry, at, { side: 'entry', recordId, evidenceDigest });
        unwrap(await t.store.append(recordId, { type: 'answered', answer: forge(recordId, evidenceDigest) }));
        unwrap(await t.store.append(recordId, { type: 'answered', answer: good }));
        expect(await t.store.commit(recordId), what).toEqual(refused('commitRefused', { recordId, reason }));
        expect(await t.state(recordId), what).toBe('prepared');
      }
      expect(await t.outbox('entry')).toEqual([]);
    });
  });
}
