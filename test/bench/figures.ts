import { cpus } from 'node:os';
import { z } from 'zod';

/** One line of the table: where its figure lies, and what it is measured against. */
export interface FigureRule {
  readonly step: string;
  /** out/bench/NAME.json and the way to the number in it. */
  readonly file: string;
  readonly at: readonly (string | number)[];
  readonly unit: string;
  readonly better: 'less' | 'more';
  /** A limit that must hold, or a peer's figure in the same file; null: watched against itself only. */
  readonly against:
    | { readonly kind: 'limit'; readonly value: number }
    | { readonly kind: 'peer'; readonly name: string; readonly at: readonly (string | number)[] }
    | null;
}

const limit = (value: number) => ({ kind: 'limit', value }) as const;
const peer = (name: string, ...at: (string | number)[]) => ({ kind: 'peer', name, at }) as const;
const rule = (
  step: string,
  file: string,
  at: readonly (string | number)[],
  unit: string,
  better: 'less' | 'more',
  against: FigureRule['against'],
): FigureRule => ({ step, file, at, unit, better, against });

export const FIGURES: readonly FigureRule[] = [
  rule('MRZ, passports read', 'mrz', ['rows', 0, 'perSecond'], '/s', 'more', peer('mrz-fast', 'rows', 1, 'perSecond')),
  rule('MRZ, look-alike repaired', 'mrz', ['rows', 4, 'perSecond'], '/s', 'more', null),
  rule('chip, PACE and a portrait', 'chip', ['paceAes', 'readerMs'], 'ms', 'less', null),
  rule('chip, use of the radio link at 424', 'chip', ['linkUse', '424'], '', 'more', null),
  rule('passive authentication, P-256', 'chip', ['passiveAuthenticationMs', 'P-256'], 'ms', 'less', null),
  rule('PN532, one APDU p95', 'devices', ['pn532Apdu', 'p95Ms'], 'ms', 'less', null),
  rule('door cycle p95', 'devices', ['doorCycle', 'p95Ms'], 'ms', 'less', null),
  rule('drivers idle, CPU', 'devices', ['idleCpuPercent'], '%', 'less', null),
  rule('face, one frame median', 'face', ['speed', 'frameMedianMs'], 'ms', 'less', limit(60)),
  rule('face, portrait median', 'face', ['speed', 'portraitMedianMs'], 'ms', 'less', limit(80)),
  rule('face, first decision', 'face', ['speed', 'firstDecisionMs'], 'ms', 'less', limit(400)),
  rule('face, frames beside a lane', 'face', ['besideLane', 'fast', 'analysedPerSecond'], '/s', 'more', limit(15)),
  rule('face, memory of the models', 'face', ['speed', 'rssGrowthMb'], 'MB', 'less', limit(350)),
  rule('control decides, embedded p95', 'controls', ['embeddedPrepare', 'p95Ms'], 'ms', 'less', null),
  rule('control decides, remote p95', 'controls', ['remotePrepare', 'p95Ms'], 'ms', 'less', null),
  rule('record, commit p95', 'record', ['commit', 'p95Ms'], 'ms', 'less', peer('bare fsync', 'rawFsync', 'p95Ms')),
  rule('record, crossings', 'record', ['crossingsPerSecond'], '/s', 'more', null),
  rule('crossing, lines to last door p95', 'crossing', ['total', 'p95'], 'ms', 'less', limit(250)),
  rule('program, start to ready', 'launch', ['readyMs', 'median'], 'ms', 'less', limit(3_000)),
  rule('program, idle memory', 'launch', ['idleMb', 'median'], 'MB', 'less', limit(600)),
  rule('program, CPU camera off', 'launch', ['cpuCameraOffPercent', 'median'], '%', 'less', limit(15)),
  rule('traveller, touch to paint p95', 'traveller', ['touchMs', 'p95'], 'ms', 'less', limit(100)),
  rule('traveller, longest task, camera on', 'traveller', ['longTasks', 'longestMs'], 'ms', 'less', limit(50)),
  rule('program, CPU camera on', 'launch', ['cpuCameraOnPercent', 'median'], '%', 'less', limit(60)),
];

/** Steps to figures. */
export type Figures = Readonly<Record<string, number>>;
export const figuresSchema = z.record(z.string(), z.number());
/** By machine class, as committed in test/bench/figures.json. */
export const storedSchema = z.record(z.string(), figuresSchema);

export interface TableRow {
  readonly step: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  readonly figure: number;
  readonly against: string;
  /** Figure over limit or peer; null where there is none. */
  readonly ratio: number | null;
  readonly holds: boolean | null;
  readonly last: number | null;
  readonly stored: number | null;
  /** Share by which the figure is worse than the stored one; 0.2 is a fifth. Null without a stored one. */
  readonly worse: number | null;
}

const WORSE_LIMIT = 0.2;

/** Figures of different kinds of machines are never compared: processor's name and how many of it. */
export function machineClass(): string {
  const [first] = cpus();
  return `${cpus().length} x ${first?.model.replaceAll(/\s+/g, ' ').trim() ?? process.arch}`;
}

/** `load` gives a benchmark's parsed result, or null where it was not run. */
export function tableOf(load: (file: string) => unknown, last: Figures, stored: Figures): readonly TableRow[] {
  return FIGURES.flatMap((entry) => {
    const json = load(entry.file);
    const figure = numberAt(json, entry.at);
    if (figure === null) return [];
    const { against, step, unit, better } = entry;
    const other = against === null ? null : against.kind === 'limit' ? against.value : numberAt(json, against.at);
    const ratio = other === null ? null : figure / other;
    const before = stored[step] ?? null;
    const worse = before === null ? null : better === 'less' ? figure / before - 1 : before / figure - 1;
    return [
      {
        step,
        unit,
        better,
        figure,
        against:
          against === null || other === null
            ? ''
            : `${against.kind === 'limit' ? 'limit' : against.name} ${short(other)}`,
        ratio,
        holds: against?.kind === 'limit' && ratio !== null ? (better === 'less' ? ratio <= 1 : ratio >= 1) : null,
        last: last[step] ?? null,
        stored: before,
        worse,
      },
    ];
  });
}

export function regressions(rows: readonly TableRow[]): readonly TableRow[] {
  return rows.filter(({ worse }) => worse !== null && worse > WORSE_LIMIT);
}

export function figuresOf(rows: readonly TableRow[]): Figures {
  return Object.fromEntries(rows.map(({ step, figure }) => [step, Number(figure.toPrecision(4))]));
}

export const short = (value: number): string =>
  Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);

function numberAt(json: unknown, path: readonly (string | number)[]): number | null {
  let value: unknown = json;
  for (const key of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
