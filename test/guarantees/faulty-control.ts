import type { ControlAnswer } from '../../app/contract/control-protocol.ts';
import type { Side } from '../../app/contract/crossing.ts';
import { ok } from '../../app/contract/result.ts';
import { signAnswer } from '../../app/controls/answer-signing.ts';
import type { Control } from '../../app/controls/control.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';

export type Fault = (control: Control) => Control;

const stranger = createSigningKey().key;

const changed =
  (change: (answer: ControlAnswer) => unknown): Fault =>
  (control) => ({
    ...control,
    side: control.side,
    prepare: async (request, signal) => {
      const answer = await control.prepare(request, signal);
      return answer.ok ? ok(change(answer.value as ControlAnswer)) : answer;
    },
  });

/** Gives the answer of the time before; the first time, of itself. */
function replaying(): Fault {
  const kept = new Map<Side, ControlAnswer>();
  return (control) =>
    changed((answer) => {
      const old = kept.get(control.side) ?? { ...answer, body: { ...answer.body, recordId: crypto.randomUUID() } };
      kept.set(control.side, answer);
      return old;
    })(control);
}

/** Every way a control may fail the lane. None of them may open a door. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  gone: (control) => ({
    ...control,
    prepare: async () => ({
      ok: false,
      error: { code: 'controlUnreachable', side: control.side, detail: 'ECONNREFUSED' },
    }),
  }),
  slow: (control) => ({ ...control, prepare: () => new Promise(() => undefined) }),
  throwing: (control) => ({
    ...control,
    prepare: async () => {
      throw new Error('a bug');
    },
  }),
  babbling: changed(() => ({ clear: true })),
  'lying about its word': changed((answer) => ({
    ...answer,
    body: { ...answer.body, word: answer.body.word === 'clear' ? 'refer' : 'clear' },
  })),
  'lying about its time': changed((answer) => ({
    ...answer,
    body: { ...answer.body, expiresAt: '2036-01-01T00:00:00.000Z' },
  })),
  'signing with an old key': changed((answer) => signAnswer(answer.body, stranger)),
  'signing with another key under its own name': changed((answer) => ({
    ...signAnswer(answer.body, stranger),
    keyId: answer.keyId,
  })),
  'speaking for the other side': changed((answer) =>
    signAnswer({ ...answer.body, side: answer.body.side === 'exit' ? 'entry' : 'exit' }, stranger),
  ),
  'replaying old answers': replaying(),
};

/** The fault at one side; the other works. */
export const only =
  (faulty: Side, fault: Fault) =>
  (side: Side, control: Control): Control =>
    side === faulty ? fault(control) : control;
