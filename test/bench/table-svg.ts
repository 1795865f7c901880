import { short, type TableRow } from './figures.ts';

const WIDTH = 1100;
const ROW = 26;
const TOP = 86;
const COLUMNS = { step: 30, figure: 420, against: 440, last: 690, stored: 790, bar: 820 } as const;
const BAR_MAX = 240;

/** The table as one page; a bar shows figure over limit or peer, with a mark at 1. */
export function tableSvg(machine: string, rows: readonly TableRow[]): string {
  const height = TOP + rows.length * ROW + 30;
  const head = [
    text(COLUMNS.step, 60, 'step', 'start', 600),
    text(COLUMNS.figure, 60, 'figure', 'end', 600),
    text(COLUMNS.against, 60, 'peer or limit', 'start', 600),
    text(COLUMNS.last, 60, 'last run', 'end', 600),
    text(COLUMNS.stored, 60, 'stored', 'end', 600),
    text(COLUMNS.bar, 60, 'ratio', 'start', 600),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#1b2733">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${text(COLUMNS.step, 32, `Benchmarks on ${machine}`, 'start', 600)}
${head.join('\n')}
${rows.map((row, index) => line(row, TOP + index * ROW)).join('\n')}
</svg>
`;
}

function line({ step, figure, unit, against, last, stored, ratio, holds, worse }: TableRow, y: number): string {
  const colour = holds === false || (worse ?? 0) > 0.2 ? '#b42318' : '#0b5fff';
  const scale = BAR_MAX / 3;
  const bar =
    ratio === null
      ? ''
      : `<rect x="${COLUMNS.bar}" y="${y - 11}" width="${Math.min(BAR_MAX, ratio * scale).toFixed(1)}" height="14" fill="${colour}" opacity="0.75"/>
<path d="M${COLUMNS.bar + scale} ${y - 14}v20" stroke="#1b2733"/>${text(COLUMNS.bar + Math.min(BAR_MAX, ratio * scale) + 6, y, ratio.toFixed(2))}`;
  return [
    text(COLUMNS.step, y, step),
    text(COLUMNS.figure, y, `${short(figure)} ${unit}`, 'end'),
    text(COLUMNS.against, y, against),
    text(COLUMNS.last, y, last === null ? '' : short(last), 'end'),
    text(COLUMNS.stored, y, stored === null ? '' : short(stored), 'end'),
    bar,
  ].join('');
}

function text(x: number, y: number, words: string, anchor = 'start', weight = 400): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-weight="${weight}">${safe}</text>`;
}
