import { expect, it } from 'vitest';
import { STEP_TONES, WARNING_TONE } from './tones.ts';

it('gives each step that sounds a sound of its own', () => {
  const melodies = [...Object.values(STEP_TONES), WARNING_TONE].map((notes) => JSON.stringify(notes));
  expect(new Set(melodies).size).toBe(melodies.length);
});

it('is over within two seconds and keeps to pitches that ageing ears hear', () => {
  for (const note of [...Object.values(STEP_TONES), WARNING_TONE].flat()) {
    expect(note.atMs + note.forMs).toBeLessThanOrEqual(2000);
    expect(note.hz).toBeGreaterThanOrEqual(300);
    expect(note.hz).toBeLessThanOrEqual(2000);
  }
});
