import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOTICE_STEPS } from '../../contract/control-protocol.ts';
import { CROSSING_STATES, type Known, nextState } from './notice-rules.ts';

const CLEARED: Known = { state: 'prepared', word: 'clear' };

function after(steps: readonly (typeof NOTICE_STEPS)[number][], start: Known): Known {
  let { state } = start;
  for (const step of steps) state = nextState({ ...start, state }, step).state ?? state;
  return { ...start, state };
}

test('in order: commit, receipt', () => {
  expect(after(['commit'], CLEARED).state).toBe('committed');
  expect(after(['commit', 'receipt'], CLEARED).state).toBe('passed');
});

test('a void and a commit end voided in either order', () => {
  expect(after(['commit', 'void'], CLEARED).state).toBe('voided');
  expect(after(['void', 'commit'], CLEARED).state).toBe('voided');
});

test('a commit and a receipt end passed in either order', () => {
  expect(after(['receipt', 'commit'], CLEARED).state).toBe('passed');
});

test('what can’t be is an alarm and changes nothing', () => {
  expect(nextState({ state: 'passed', word: 'clear' }, 'void')).toEqual({ state: 'passed', alarm: 'voidAfterReceipt' });
  expect(nextState({ state: 'voided', word: 'clear' }, 'receipt')).toEqual({
    state: 'voided',
    alarm: 'receiptAfterVoid',
  });
  expect(nextState(null, 'receipt')).toEqual({ state: null, alarm: 'receiptForUnknownRecord' });
});

test('repeats change nothing, and what was not cleared is never committed or passed', () => {
  const steps = fc.array(fc.constantFrom(...NOTICE_STEPS), { maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...CROSSING_STATES), fc.constantFrom(...NOTICE_STEPS), (state, step) => {
      const once = after([step], { state, word: 'clear' });
      expect(after([step, step], { state, word: 'clear' })).toEqual(once);
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom('refer' as const, 'refuse' as const), steps, (word, told) => {
      expect(['prepared', 'voided']).toContain(after(told, { state: 'prepared', word }).state);
    }),
  );
});
