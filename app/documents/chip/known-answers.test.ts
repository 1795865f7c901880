import { expect, test } from 'vitest';
import { runKnownAnswers } from './known-answers.ts';

test('every worked example of Doc 9303-11 comes out as published', async () => {
  const answers = await runKnownAnswers();
  expect(answers).toHaveLength(8);
  for (const { name, ok } of answers) expect(`${name}: ${ok}`).toBe(`${name}: true`);
});
