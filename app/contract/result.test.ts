import { expect, test } from 'vitest';
import { err, ok, unwrap } from './result.ts';

test('unwrap gives the value, and throws naming the error otherwise', () => {
  expect(unwrap(ok(7))).toBe(7);
  expect(() => unwrap(err({ code: 'deviceGone' }))).toThrow(/deviceGone/);
});
