import { afterEach, expect, test, vi } from 'vitest';
import type { ControlError, Notice } from '../../contract/control-protocol.ts';
import { err, ok, type Result } from '../../contract/result.ts';
import type { Control } from '../control.ts';
import { FakeClock, specimenNotice } from '../test-kit.ts';
import {
  type NoticeOutbox,
  type NoticeOutcome,
  type PendingNotice,
  startNoticeDispatcher,
} from './notice-dispatcher.ts';

const A = '0b9f3a52-6f0e-4f0e-9a52-6f0e4f0e9a52';
const B = '1c8e2b41-5e1d-4e1d-8b41-5e1d4e1d8b41';
const GONE: ControlError = { code: 'controlUnreachable', side: 'exit', detail: 'ECONNREFUSED' };
const CHANGED: ControlError = { code: 'controlUnreachable', side: 'exit', detail: 'noticeChanged' };

let stop: () => Promise<void> = async () => undefined;
afterEach(() => stop());

function play(initial: readonly Notice[]) {
  const clock = new FakeClock();
  const pending: PendingNotice[] = initial.map((notice, id) => ({ id, notice }));
  const told: string[] = [];
  const refused: string[] = [];
  const outcomes: NoticeOutcome[] = [];
  const faults = { noteDelivery: true, answer: (_notice: Notice): Result<void, ControlError> | null => ok() };
  const outbox: NoticeOutbox = {
    outbox: async (_side, limit) => ok(pending.slice(0, limit)),
    async noticeDelivered(id) {
      if (!faults.noteDelivery) return err('storeFailed');
      pending.splice(
        pending.findIndex((notice) => notice.id === id),
        1,
      );
      return ok();
    },
    noticeFailed: async () => ok(),
    async noticeRefused(id, code) {
      refused.push(`${id} ${code}`);
      // As the stores do it: what waits behind it is held as well.
      const held = pending.find((notice) => notice.id === id)?.notice.recordId;
      pending.splice(0, pending.length, ...pending.filter(({ notice }) => notice.recordId !== held));
      return ok();
    },
  };
  const control: Control = {
    side: 'exit',
    prepare: async () => err(GONE),
    keys: async () => ok([]),
    close: async () => undefined,
    async notify(notice, key, signal) {
      told.push(key);
      const answer = faults.answer(notice);
      if (answer !== null) return answer;
      return new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve(err({ code: 'controlTimeout', side: 'exit', timeoutMs: 0 }))),
      );
    },
  };
  const start = () => {
    const dispatcher = startNoticeDispatcher({
      control,
      outbox,
      clock,
      random: () => 1,
      onOutcome: (o) => outcomes.push(o),
    });
    stop = () => dispatcher.stop();
    return dispatcher;
  };
  return { clock, pending, told, refused, outcomes, faults, start };
}

/** Waits for the dispatcher to sit still: a timer is set and nothing more was told. */
const idle = (clock: FakeClock) => vi.waitFor(() => expect(clock.pending).toBe(1));

test('delivers in order with the key of record and step, then waits until it is woken', async () => {
  const { clock, pending, told, start } = play([
    specimenNotice('exit', 'commit', A),
    specimenNotice('exit', 'receipt', A),
  ]);
  const dispatcher = start();
  await vi.waitFor(() => expect(told).toEqual([`${A}:commit`, `${A}:receipt`]));
  await idle(clock);
  pending.push({ id: 9, notice: specimenNotice('exit', 'commit', B) });
  dispatcher.wake();
  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(pending).toEqual([]);
});

test('a control that is gone is tried again with growing pauses, and nothing overtakes', async () => {
  const { clock, told, faults, start } = play([
    specimenNotice('exit', 'commit', A),
    specimenNotice('exit', 'commit', B),
  ]);
  faults.answer = () => err(GONE);
  const dispatcher = start();
  for (const [tries, pauseMs] of [
    [1, 250],
    [2, 500],
    [3, 1_000],
  ] as const) {
    await vi.waitFor(() => expect(told).toHaveLength(tries));
    await idle(clock);
    // Being woken does not shorten it.
    dispatcher.wake();
    clock.advance(pauseMs - 1);
    expect(clock.pending).toBe(1);
    if (tries === 3) faults.answer = () => ok();
    clock.advance(1);
  }
  await vi.waitFor(() => expect(told).toEqual([...Array(4).fill(`${A}:commit`), `${B}:commit`]));
});

test('a notice the control will never take holds back its own record only', async () => {
  const { outcomes, told, refused, faults, pending, start } = play([
    specimenNotice('exit', 'commit', A),
    specimenNotice('exit', 'receipt', A),
    specimenNotice('exit', 'commit', B),
  ]);
  faults.answer = ({ recordId }) => (recordId === A ? err(CHANGED) : ok());
  start();
  await vi.waitFor(() => expect(told).toContain(`${B}:commit`));
  await vi.waitFor(() => expect(pending).toEqual([]));
  expect(refused).toEqual(['0 noticeChanged']);
  expect(told.filter((key) => key === `${A}:commit`)).toHaveLength(1);
  expect(told).not.toContain(`${A}:receipt`);
  expect(outcomes[0]).toMatchObject({ type: 'failed', final: true });
});

test('a delivery that could not be noted is told again', async () => {
  const { clock, told, faults, start } = play([specimenNotice('exit', 'void', A)]);
  faults.noteDelivery = false;
  start();
  await vi.waitFor(() => expect(told).toHaveLength(1));
  await idle(clock);
  faults.noteDelivery = true;
  clock.advance(250);
  await vi.waitFor(() => expect(told).toEqual([`${A}:void`, `${A}:void`]));
});

test('a control that hangs is given up after its time', async () => {
  const { clock, told, outcomes, faults, start } = play([specimenNotice('exit', 'commit', A)]);
  faults.answer = () => null;
  start();
  await vi.waitFor(() => expect(told).toHaveLength(1));
  clock.advance(5_000);
  await vi.waitFor(() => expect(outcomes).toMatchObject([{ error: { code: 'controlTimeout' }, final: false }]));
});
