/** What a specimen looks like, told by the shape of its machine-readable zone. */
export type DocumentKind = 'passport' | 'card' | 'permit';

/** Two long lines are a passport's (TD3), three lines a card's (TD1), one line a permit's (GA/T 704). */
export function documentKind(lines: readonly string[]): DocumentKind {
  if (lines.length === 2) return 'passport';
  return lines.length === 1 ? 'permit' : 'card';
}
