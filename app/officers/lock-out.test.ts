import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Attempts, countAttempt, isShutOut, MAX_FAILURES, NO_ATTEMPTS, waitSeconds } from './lock-out.ts';

const NOW = Date.parse('2026-05-08T02:15:00Z');

describe('lock-out with back-off', () => {
  test('two mistakes cost nothing, then each wait is twice the one before, up to a quarter of an hour', () => {
    const waits: (number | null)[] = [];
    let attempts: Attempts = NO_ATTEMPTS;
    let nowMs = NOW;
    while (!isShutOut(attempts)) {
      attempts = countAttempt(attempts, nowMs) ?? attempts;
      const wait = waitSeconds(attempts, nowMs);
      waits.push(wait);
      nowMs += (wait ?? 0) * 1000;
    }
    expect(waits).toEqual([0, 0, 30, 60, 120, 240, 480, 900, 900, null]);
  });

  test('while the wait lasts nothing is counted, and a shut-out account waits for ever', () => {
    const locked = { failures: 4, lockedUntil: new Date(NOW + 1).toISOString() };
    expect(countAttempt(locked, NOW)).toBeNull();
    expect(countAttempt(locked, NOW + 1)).toMatchObject({ failures: 5 });
    expect(countAttempt({ failures: MAX_FAILURES, lockedUntil: null }, NOW + 1e12)).toBeNull();
  });

  test('however attempts are spread over a day, at most ten PINs are looked at', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 86_400_000 }), { maxLength: 300 }), (times) => {
        let attempts: Attempts = NO_ATTEMPTS;
        let looked = 0;
        for (const at of times.sort((a, b) => a - b)) {
          const next = countAttempt(attempts, NOW + at);
          if (next === null) continue;
          looked += 1;
          attempts = next;
        }
        expect(looked).toBeLessThanOrEqual(MAX_FAILURES);
      }),
    );
  });
});
