import { ratesAt, type Scores } from './error-rates.ts';

export interface DetCurve {
  readonly name: string;
  readonly colour: string;
  readonly scores: Scores;
}

const SIZE = { width: 640, height: 480, left: 70, right: 150, top: 30, bottom: 50 } as const;
/** Decades shown on both axes: 1e-5 to 1. */
const DECADES = 5;

/** Detection error trade-off as SVG: FNMR over FMR, both logarithmic. Rates of zero lie below the axis and end the curve. */
export function detPlot(title: string, curves: readonly DetCurve[]): string {
  const lines = curves.map(({ colour, scores }) => {
    const points = curvePoints(scores).map(([fmr, fnmr]) => `${across(fmr).toFixed(1)},${down(fnmr).toFixed(1)}`);
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>`;
  });
  const names = curves.map(({ name, colour }, i) => {
    const y = SIZE.top + 14 + i * 18;
    return `<text x="${SIZE.width - SIZE.right + 12}" y="${y}" fill="${colour}">${xml(name)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${SIZE.left}" y="18" font-size="14">${xml(title)}</text>
${grid()}
${lines.join('\n')}
${names.join('\n')}
<text x="${SIZE.left + 140}" y="${SIZE.height - 10}">false match rate</text>
<text transform="translate(16 ${SIZE.height - 160}) rotate(-90)">false non-match rate</text>
</svg>
`;
}

/** FMR and FNMR at some 300 thresholds over the range of scores, rates of zero left out. */
function curvePoints(scores: Scores): readonly (readonly [number, number])[] {
  const all = [...scores.same, ...scores.different];
  const low = all.reduce((least, score) => Math.min(least, score), 1);
  const high = all.reduce((most, score) => Math.max(most, score), -1);
  const points: (readonly [number, number])[] = [];
  for (let i = 0; i <= 300; i++) {
    const { fmr, fnmr } = ratesAt(scores, low + ((high - low) * i) / 300);
    if (fmr.value && fnmr.value) points.push([fmr.value, fnmr.value]);
  }
  return points;
}

const place = (rate: number): number => Math.min(1, Math.max(0, 1 + Math.log10(rate) / DECADES));
const across = (fmr: number): number => SIZE.left + place(fmr) * (SIZE.width - SIZE.left - SIZE.right);
const down = (fnmr: number): number => SIZE.height - SIZE.bottom - place(fnmr) * (SIZE.height - SIZE.top - SIZE.bottom);

function grid(): string {
  const parts: string[] = [];
  for (let decade = 0; decade <= DECADES; decade++) {
    const rate = 10 ** -decade;
    const [x, y] = [across(rate), down(rate)];
    const label = decade === 0 ? '1' : `1e-${decade}`;
    parts.push(`<path stroke="#ddd" d="M${x} ${down(1)}V${down(1e-9)}M${across(1e-9)} ${y}H${across(1)}"/>`);
    parts.push(`<text x="${x - 12}" y="${SIZE.height - SIZE.bottom + 16}" fill="#555">${label}</text>`);
    parts.push(`<text x="${SIZE.left - 38}" y="${y + 4}" fill="#555">${label}</text>`);
  }
  return parts.join('\n');
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
