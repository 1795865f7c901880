import { expect, it } from 'vitest';
import { Turnstile } from './turnstile.ts';

// Symptom: "A VideoFrame was garbage collected without being closed" after the camera was closed and opened quickly.
it('gives each who waits a turn of its own, in order, whoever comes later', async () => {
  const turnstile = new Turnstile();
  const through: string[] = [];
  const pass = (name: string) => turnstile.wait().then(() => through.push(name));
  const both = [pass('old camera'), pass('new camera')];
  turnstile.letOne();
  await both[0];
  expect(through).toEqual(['old camera']);
  turnstile.letOne();
  await both[1];
  expect(through).toEqual(['old camera', 'new camera']);
  turnstile.letOne();
});
