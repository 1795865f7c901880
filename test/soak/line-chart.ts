export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 900;
const HEIGHT = 150;
const LEFT = 70;
const GAP = 44;

/** One small chart a series, one above the other, on one page; the y axis begins at 0, so that flat looks flat. */
export function lineCharts(title: string, series: readonly Series[], notes: readonly string[]): string {
  const charts = series.map((one, index) => chart(one, 60 + index * (HEIGHT + GAP)));
  const notesTop = 60 + series.length * (HEIGHT + GAP);
  const texts = notes.map((note, index) => `<text x="${LEFT}" y="${notesTop + index * 20}">${escaped(note)}</text>`);
  const height = notesTop + notes.length * 20 + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#1b2733">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="${LEFT}" y="30" font-size="20" font-weight="600">${escaped(title)}</text>
${charts.join('\n')}
${texts.join('\n')}
</svg>
`;
}

function chart({ name, unit, points }: Series, top: number): string {
  const maxX = Math.max(1, ...points.map(([x]) => x));
  const maxY = Math.max(1e-9, ...points.map(([, y]) => y)) * 1.1;
  const at = ([x, y]: readonly [number, number]): string =>
    `${(LEFT + (x / maxX) * (WIDTH - LEFT - 30)).toFixed(1)},${(top + HEIGHT - (y / maxY) * HEIGHT).toFixed(1)}`;
  const bottom = top + HEIGHT;
  return `<text x="${LEFT}" y="${top - 6}" font-weight="600">${escaped(name)} (${escaped(unit)})</text>
<path d="M${LEFT} ${top}V${bottom}H${WIDTH - 30}" fill="none" stroke="#9aa7b4"/>
<text x="${LEFT - 8}" y="${top + 10}" text-anchor="end">${short(maxY)}</text>
<text x="${LEFT - 8}" y="${bottom}" text-anchor="end">0</text>
<text x="${WIDTH - 30}" y="${bottom + 16}" text-anchor="end">${maxX}</text>
<polyline points="${points.map(at).join(' ')}" fill="none" stroke="#0b5fff" stroke-width="1.5"/>`;
}

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
