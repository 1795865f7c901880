import { expect, it } from 'vitest';
import { failedFirst } from './failed-first.ts';

it('lists failed checks first and keeps the order within an outcome', () => {
  const check = (
    id: 'faceMatch' | 'chipAccess' | 'faceQuality' | 'exitControl',
    outcome: 'passed' | 'failed' | 'notDone',
  ) => ({ id, outcome, reason: null }) as const;
  const sorted = failedFirst([
    check('chipAccess', 'passed'),
    check('faceQuality', 'passed'),
    check('exitControl', 'notDone'),
    check('faceMatch', 'failed'),
  ]);
  expect(sorted.map(({ id }) => id)).toEqual(['faceMatch', 'exitControl', 'chipAccess', 'faceQuality']);
});
