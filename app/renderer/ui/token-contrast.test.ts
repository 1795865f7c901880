import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The blocks of tokens.css by theme: name to `#rrggbb`. The traveller's special tones are read from its own file. */
function tokensOf(theme: string): Map<string, string> {
  const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
  const block = css.match(new RegExp(`\\[data-theme=.${theme}.\\]\\s*\\{([^}]*)\\}`))?.[1] ?? '';
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** Relative luminance of an sRGB colour (WCAG 2.2, relative luminance). */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const GROUNDS = ['paper', 'surface', 'raised', 'sunken'];
const HUES = ['progress', 'go', 'attention', 'stop', 'exit', 'entry'];

/** Text and what it lies on, wherever the style sheets put one on the other. */
const PAIRS: [text: string, ground: string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] => [
    ['ink', ground],
    ['ink-quiet', ground],
  ]),
  ...HUES.flatMap((hue): [string, string][] => [
    [hue, 'surface'],
    [hue, 'paper'],
    [hue, `${hue}-soft`],
    ['on-colour', hue],
    ['ink', `${hue}-soft`],
  ]),
];

/** Lines that must be seen but are not read (WCAG 2.2 §1.4.11). */
const LINES: [line: string, ground: string][] = [
  ['line-strong', 'paper'],
  ['line-strong', 'surface'],
];

describe.each([
  // The traveller's theme and the high-contrast one hold 7:1 everywhere; officers look from near and hold 4.5:1 on tints.
  { theme: 'light', least: 7 },
  { theme: 'dark', least: 4.5 },
  { theme: 'contrast', least: 7 },
])('$theme theme', ({ theme, least }) => {
  const tokens = tokensOf(theme);
  const hex = (name: string): string => {
    const value = tokens.get(name);
    if (value === undefined) throw new Error(`no token --${name} in the ${theme} theme`);
    return value;
  };
  it.each(PAIRS)(`%s on %s has ${least}:1`, (text, ground) => {
    expect(contrast(hex(text), hex(ground))).toBeGreaterThanOrEqual(least);
  });
  it.each(LINES)('%s on %s has 3:1', (line, ground) => {
    expect(contrast(hex(line), hex(ground))).toBeGreaterThanOrEqual(3);
  });
});
