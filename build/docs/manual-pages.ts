import { MANUAL_WORDS, type ManualLanguage } from './manual-words.ts';
import type { AuditRegistry, ConsoleCatalogue, TravellerCatalogue } from './product.ts';

type Row = readonly string[];

/** Alarms, events, referrals and service reasons, in one language. */
export function eventsPage(language: ManualLanguage, registry: AuditRegistry, catalogue: ConsoleCatalogue): string {
  const words = MANUAL_WORDS[language];
  const { code, severity, owner, text, advice } = words.columns;
  const row = ([id, event]: [string, AuditRegistry[string]]): Row => [
    `\`${id}\``,
    catalogue.severities[event.severity] ?? event.severity,
    catalogue.owners[event.owner] ?? event.owner,
    catalogue.events[id] ?? event.text,
  ];
  const events = Object.entries(registry);
  const alarms = events.filter(([, { alarm }]) => alarm);
  return page(words.eventsTitle, words.stale, [
    [
      words.alarms,
      words.alarmsNote,
      [code, severity, owner, text, advice],
      alarms.map((event) => [...row(event), catalogue.alarmAdvice[event[0]] ?? '']),
    ],
    [words.otherEvents, '', [code, severity, owner, text], events.filter(([, { alarm }]) => !alarm).map(row)],
    [words.referrals, words.referralsNote, [code, text], codesOf(catalogue.referralCodes)],
    [words.outOfService, '', [code, text], codesOf(catalogue.serviceReasons)],
  ]);
}

/** The traveller's screens, in one language. */
export function screensPage(
  language: ManualLanguage,
  traveller: TravellerCatalogue,
  { steps }: ConsoleCatalogue,
): string {
  const words = MANUAL_WORDS[language];
  const { step, title, help, console: onConsole } = words.columns;
  const rows = Object.entries(traveller.steps).map(
    ([id, shown]): Row => [`\`${id}\``, shown.title, shown.help, steps[id] ?? ''],
  );
  return page(words.screensTitle, words.stale, [['', words.screensNote, [step, title, help, onConsole], rows]]);
}

type Section = readonly [title: string, note: string, columns: Row, rows: readonly Row[]];

function page(title: string, stale: string, sections: readonly Section[]): string {
  const lines = sections.flatMap(([heading, note, columns, rows]) => [
    ...(heading === '' ? [] : [`## ${heading}`, '']),
    ...(note === '' ? [] : [note, '']),
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    '',
  ]);
  return [`# ${title}`, '', stale, '', ...lines].join('\n');
}

const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function codesOf(texts: Readonly<Record<string, string>>): readonly Row[] {
  return Object.entries(texts).map(([code, text]) => [`\`${code}\``, text]);
}
