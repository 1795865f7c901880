import { expect, test } from 'vitest';
import type { ControlAnswer } from '../../app/contract/control-protocol.ts';
import { ok } from '../../app/contract/result.ts';
import { signAnswer } from '../../app/controls/answer-signing.ts';
import type { Control } from '../../app/controls/control.ts';
import { createSigningKey } from '../../app/crypto/signing.ts';
import { openStage } from './lane-stage.ts';

type Twist = (answer: ControlAnswer, control: Control) => unknown;

/** A control whose answers are spoiled on the way while `on`; everything else of it works. */
function spoiled(twist: Twist): { replace: (side: 'exit' | 'entry', control: Control) => Control; on: boolean } {
  const state = {
    on: true,
    replace: (side: 'exit' | 'entry', control: Control): Control =>
      side !== 'entry'
        ? control
        : {
            side,
            prepare: async (request, signal) => {
              const answer = await control.prepare(request, signal);
              return answer.ok && state.on ? ok(twist(answer.value as ControlAnswer, control)) : answer;
            },
            notify: (notice, key, signal) => control.notify(notice, key, signal),
            keys: () => control.keys(),
            close: () => control.close(),
          },
  };
  return state;
}

const foreign = createSigningKey().key;
let kept: ControlAnswer | null = null;

const TWISTS: readonly (readonly [string, Twist, string])[] = [
  ['garbage', () => ({ yes: 'clear' }), 'malformed'],
  ['an answer signed with another key', (answer) => signAnswer(answer.body, foreign), 'unknownKey'],
  [
    'an answer with a changed word',
    (answer) => ({ ...answer, body: { ...answer.body, word: answer.body.word === 'clear' ? 'refer' : 'clear' } }),
    'badSignature',
  ],
  [
    'an old answer of another record',
    (answer) => {
      const old = kept ?? { ...answer, body: { ...answer.body, recordId: '00000000-0000-4000-8000-000000000000' } };
      kept = answer;
      return old;
    },
    'badSignature',
  ],
];

test.each(TWISTS)('%s is a security alarm and a referral, never a clear', async (_name, twist, problem) => {
  const fault = spoiled(twist);
  const { lane, cross, alarms, nextIsServed, world } = await openStage({ extra: { replaceControl: fault.replace } });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output } = await cross('stevenson');
  expect(output.ending).toEqual({ state: 'referred', owner: 'entry', code: 'controlAnswerInvalid' });
  expect(lane.supervisor('entryOfficer')?.alarms.map(({ event, detail }) => `${event} ${detail}`)).toContain(
    `controlAnswerInvalid entry ${problem}`,
  );
  expect(alarms().some((alarm) => alarm.startsWith('controlAnswerInvalid'))).toBe(false);
  // The other side learns that it happened, and not what was wrong with it (G5).
  const details = (['exitOfficer', 'entryOfficer'] as const).map(
    (viewer) => lane.supervisor(viewer)?.timeline.find(({ event }) => event === 'controlAnswerInvalid')?.detail,
  );
  expect(details).toEqual([null, `entry ${problem}`]);
  expect(world.doors.door(3).openForward).toBe(false);
  fault.on = false;
  await nextIsServed();
});

test('an answer that comes after the deadline does not count', async () => {
  let late = true;
  const { lane, cross, nextIsServed } = await openStage({
    delays: { controlDeadline: 400 },
    extra: {
      replaceControl: (side, control) =>
        side !== 'exit'
          ? control
          : {
              side,
              prepare: (request, signal) =>
                late
                  ? new Promise((resolve) => {
                      const answer = control.prepare(request, new AbortController().signal);
                      signal.addEventListener('abort', () => void answer.then(resolve));
                    })
                  : control.prepare(request, signal),
              notify: (notice, key, signal) => control.notify(notice, key, signal),
              keys: () => control.keys(),
              close: () => control.close(),
            },
    },
  });
  await lane.waitFor(({ traveller }) => traveller?.step === 'attract');
  const { output } = await cross('stevenson');
  expect(output.ending).toEqual({ state: 'referred', owner: 'exit', code: 'controlUnreachable' });
  late = false;
  await nextIsServed();
});
