import { expect, test } from 'vitest';
import { isTooSimple } from './pin-rules.ts';

test.each(['000000', '123456', '987654', '789012', '121212', '135135', '777777777'])('%s is too simple', (pin) => {
  expect(isTooSimple(pin)).toBe(true);
});

test.each(['246810', '135790', '481516', '102938', '123457', '99887766'])('%s will do', (pin) => {
  expect(isTooSimple(pin)).toBe(false);
});
