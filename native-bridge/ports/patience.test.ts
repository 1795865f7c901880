import { expect, test } from 'vitest';
import { patience } from './patience.ts';
import type { Timing } from './timing.ts';

/** A clock whose timers are fired by hand, however late. */
function handFired() {
  let now = 0;
  let pending: { readonly callback: () => void } | null = null;
  const timing: Timing = {
    now: () => now,
    after: (_, callback) => {
      const entry = { callback };
      pending = entry;
      return () => {
        if (pending === entry) pending = null;
      };
    },
  };
  const fireAt = (at: number): void => {
    now = at;
    const fired = pending;
    pending = null;
    fired?.callback();
  };
  return { timing, fireAt, isArmed: () => pending !== null };
}

test('a timer that is in time is the end', () => {
  const { timing, fireAt } = handFired();
  let ended = 0;
  patience(timing, 150, () => (ended += 1));
  fireAt(151);
  expect(ended).toBe(1);
});

// Symptom: a collection of 200 ms made a lane of healthy doors lost, although their answers lay in the port.
test('a stop of our own is not the device’s: it gets more time, but not for ever', () => {
  const { timing, fireAt, isArmed } = handFired();
  let ended = 0;
  patience(timing, 150, () => (ended += 1));
  for (const at of [400, 700, 1_000]) fireAt(at);
  expect(ended).toBe(0);
  expect(isArmed()).toBe(true);
  fireAt(1_300);
  expect(ended).toBe(1);
});

test('called off, also after an extension', () => {
  const { timing, fireAt, isArmed } = handFired();
  const cancel = patience(timing, 150, () => {
    throw new Error('called off');
  });
  fireAt(400);
  cancel();
  expect(isArmed()).toBe(false);
});
