import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HintPace } from './hint-pace.ts';

describe('hint pace', () => {
  it('shows the first hint at once and the next one after the pause', () => {
    const pace = new HintPace<string | null>(1000, null);
    expect(pace.offer('comeCloser', 0)).toBe(0);
    expect(pace.offer('stepBack', 400)).toBe(600);
    expect(pace.shown).toBe('comeCloser');
    expect(pace.offer('stepBack', 1000)).toBe(0);
    expect(pace.shown).toBe('stepBack');
  });

  it('never changes twice within the pause, whatever is offered when', () => {
    const offers = fc.array(fc.record({ hint: fc.constantFrom('a', 'b', 'c'), afterMs: fc.nat(700) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(offers, (list) => {
        const pace = new HintPace(1000, 'a');
        let nowMs = 0;
        let changedAtMs = Number.NEGATIVE_INFINITY;
        for (const { hint, afterMs } of list) {
          nowMs += afterMs;
          const before = pace.shown;
          pace.offer(hint, nowMs);
          if (pace.shown !== before) {
            expect(nowMs - changedAtMs).toBeGreaterThanOrEqual(1000);
            changedAtMs = nowMs;
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
