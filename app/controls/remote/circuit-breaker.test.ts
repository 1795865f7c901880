import { expect, test } from 'vitest';
import { createCircuitBreaker } from './circuit-breaker.ts';

const open = () => {
  const breaker = createCircuitBreaker({ threshold: 3, coolDownMs: 1_000 });
  for (const _ of [1, 2, 3]) breaker.failed(0);
  return breaker;
};

test('opens after failures in a row, and a success in between starts the count again', () => {
  const breaker = createCircuitBreaker({ threshold: 3, coolDownMs: 1_000 });
  breaker.failed(0);
  breaker.failed(0);
  breaker.succeeded();
  breaker.failed(0);
  breaker.failed(0);
  expect([breaker.state, breaker.mayTry(0)]).toEqual(['closed', true]);
  breaker.failed(0);
  expect([breaker.state, breaker.mayTry(999)]).toEqual(['open', false]);
});

test('after the cool-down one trial goes through; it decides', () => {
  const breaker = open();
  expect([breaker.mayTry(1_000), breaker.mayTry(1_000), breaker.state]).toEqual([true, false, 'halfOpen']);
  breaker.failed(1_000);
  expect([breaker.mayTry(1_999), breaker.mayTry(2_000)]).toEqual([false, true]);
  breaker.succeeded();
  expect([breaker.state, breaker.mayTry(2_000)]).toEqual(['closed', true]);
});

test('a trial given up without an answer leaves room for another', () => {
  const breaker = open();
  breaker.mayTry(1_000);
  breaker.undecided();
  expect(breaker.mayTry(1_000)).toBe(true);
});
