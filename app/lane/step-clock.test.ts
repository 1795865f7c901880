import { expect, test } from 'vitest';
import { createActor } from 'xstate';
import { DEFAULT_CROSSING_DELAYS } from '../domain/crossing/delays.ts';
import { crossingMachine } from '../domain/crossing/machine.ts';
import type { Clock } from './clock.ts';
import { StepClock } from './step-clock.ts';

/** A clock whose hand the test turns. */
function handClock(earlyMs = 0): Clock & { turn(ms: number): void } {
  let now = 0;
  let due: { at: number; act: () => void }[] = [];
  return {
    nowMs: () => now,
    monotonicMs: () => now,
    after: (delayMs, act) => {
      const entry = { at: now + delayMs, act };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    turn: (ms) => {
      const until = now + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        now = Math.max(now, next.at - earlyMs);
        next.act();
      }
      now = until;
    },
  };
}

function entering(earlyMs = 0): {
  clock: ReturnType<typeof handClock>;
  step: StepClock;
  told: (number | null)[];
  askMore(): void;
} {
  const clock = handClock(earlyMs);
  const told: (number | null)[] = [];
  const step = new StepClock(clock, DEFAULT_CROSSING_DELAYS, 5_000, () => told.push(step.warnSecondsLeft));
  const actor = createActor(crossingMachine, { input: { topology: 'twoDoor', delays: DEFAULT_CROSSING_DELAYS } });
  actor.subscribe((snapshot) => step.changed(snapshot));
  actor.start();
  actor.send({ type: 'recordOpened' });
  actor.send({ type: 'identified' });
  return { clock, step, told, askMore: () => actor.send({ type: 'moreTimeAsked' }) };
}

test('nothing is said while there is time; then each second down to the end', () => {
  const { clock, step, told } = entering();
  clock.turn(14_990);
  expect([step.warnSecondsLeft, told]).toEqual([null, []]);
  clock.turn(10);
  expect(step.warnSecondsLeft).toBe(5);
  clock.turn(5_000);
  expect(told).toEqual([5, 4, 3, 2, 1, 0]);
});

test('more time ends the warning, and the step’s time begins anew', () => {
  const { clock, step, askMore } = entering();
  clock.turn(17_000);
  expect(step.warnSecondsLeft).toBe(3);
  askMore();
  expect(step.warnSecondsLeft).toBeNull();
  clock.turn(15_000);
  expect(step.warnSecondsLeft).toBe(5);
});

test('a timer that fires a moment early misses no second', () => {
  const { clock, told } = entering(0.7);
  clock.turn(20_000);
  expect(told).toEqual([5, 4, 3, 2, 1, 0]);
});
