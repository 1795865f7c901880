import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PrepareRequest } from '../contract/control-protocol.ts';
import type { Side } from '../contract/crossing.ts';
import { err } from '../contract/result.ts';
import { askBoth, type SideAnswer } from './ask.ts';
import type { Control } from './control.ts';
import { type ControlBench, FakeClock, openBench, specimenRequest } from './test-kit.ts';

let exit: ControlBench;
let entry: ControlBench;
let clock: FakeClock;
let requests: Record<Side, PrepareRequest>;
beforeEach(async () => {
  [exit, entry] = await Promise.all([openBench('exit'), openBench('entry')]);
  clock = new FakeClock();
  const request = specimenRequest('exit');
  requests = { exit: request, entry: { ...request, side: 'entry' } };
});
afterEach(async () => {
  await Promise.all([exit.dispose(), entry.dispose()]);
});

/** A control whose answer comes when the test says so. */
function held(control: Control): { control: Control; release: () => void; aborted: () => boolean } {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let signal: AbortSignal | null = null;
  const prepare: Control['prepare'] = async (request, abort) => {
    signal = abort;
    await gate;
    return control.prepare(request, new AbortController().signal);
  };
  return { control: { ...control, prepare }, release, aborted: () => signal?.aborted === true };
}

function ask(controls: Record<Side, Control>, signal?: AbortSignal) {
  const seen: string[] = [];
  const late: string[] = [];
  const describeAnswer = (side: Side, answer: SideAnswer) =>
    `${side} ${answer.ok ? answer.value.body.word : answer.error.code}`;
  const keys = { exit: [keyOf(exit)], entry: [keyOf(entry)] };
  const answers = askBoth(controls, requests, {
    deadlineMs: 3_000,
    keys,
    clock,
    ...(signal ? { signal } : {}),
    onAnswer: (side, answer) => seen.push(describeAnswer(side, answer)),
    onLate: (side, answer) => late.push(describeAnswer(side, answer)),
  });
  return { answers, seen, late };
}
const keyOf = ({ options: { signingKey } }: ControlBench) => ({
  keyId: signingKey.keyId,
  raw: signingKey.publicKeyRaw,
});

test('both are asked, both answers are checked, no timer is left', async () => {
  const { answers, seen } = ask({ exit: exit.control, entry: entry.control });
  const { exit: left, entry: right } = await answers;
  expect([left.ok && left.value.body.word, right.ok && right.value.body.word]).toEqual(['clear', 'clear']);
  expect(seen.sort()).toEqual(['entry clear', 'exit clear']);
  expect(clock.pending).toBe(0);
});

test('an answer is told as soon as it is there, whichever side is first', async () => {
  const slow = held(exit.control);
  const { answers, seen } = ask({ exit: slow.control, entry: entry.control });
  await vi.waitFor(() => expect(seen).toEqual(['entry clear']));
  slow.release();
  await answers;
  expect(seen).toEqual(['entry clear', 'exit clear']);
});

test('no answer by the deadline is a time-out; the late answer is discarded and told', async () => {
  const slow = held(entry.control);
  const { answers, seen, late } = ask({ exit: exit.control, entry: slow.control });
  await vi.waitFor(() => expect(seen).toEqual(['exit clear']));
  clock.advance(2_999);
  expect(seen).toHaveLength(1);
  clock.advance(1);
  expect((await answers).entry).toEqual(err({ code: 'controlTimeout', side: 'entry', timeoutMs: 3_000 }));
  expect(slow.aborted()).toBe(true);
  slow.release();
  await vi.waitFor(() => expect(late).toEqual(['entry clear']));
  expect(seen).toEqual(['exit clear', 'entry controlTimeout']);
});

test('when the lane gives up, both end at once', async () => {
  const abort = new AbortController();
  const { answers } = ask({ exit: held(exit.control).control, entry: held(entry.control).control }, abort.signal);
  abort.abort();
  const { exit: left, entry: right } = await answers;
  expect([left.ok, right.ok]).toEqual([false, false]);
  expect(clock.pending).toBe(0);
});

describe('a lying or broken control never clears', () => {
  const lie = (prepare: Control['prepare']): Record<Side, Control> => ({
    exit: exit.control,
    entry: { ...entry.control, prepare },
  });
  const never = new AbortController().signal;

  test.each<readonly [string, () => Control['prepare'], object]>([
    ['garbage', () => async () => ({ ok: true, value: { body: 'clear' } }), { problem: 'malformed' }],
    ['the exit side’s answer', () => async () => exit.control.prepare(requests.exit, never), { problem: 'wrongSide' }],
    [
      'another record’s answer',
      () => async () => entry.control.prepare(specimenRequest('entry'), never),
      { problem: 'foreignRecord' },
    ],
    [
      'an exception',
      () => () => Promise.reject(new TypeError('bug')),
      { code: 'controlUnreachable', detail: 'TypeError' },
    ],
    [
      'a thrown exception',
      () => () => {
        throw new RangeError('bug');
      },
      { code: 'controlUnreachable', detail: 'RangeError' },
    ],
  ])('%s', async (_name, prepare, error) => {
    const { entry: answer } = await ask(lie(prepare())).answers;
    expect(answer).toMatchObject({ ok: false, error });
  });

  test('an answer replayed from before', async () => {
    const old = await entry.control.prepare(requests.entry, never);
    clock.advance(70_000);
    const { entry: answer } = await ask(lie(async () => old)).answers;
    expect(answer).toMatchObject({ ok: false, error: { problem: 'stale' } });
  });
});
