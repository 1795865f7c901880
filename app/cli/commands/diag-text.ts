import {
  CHECK_GROUPS,
  type Facts,
  type ReadinessReport,
  SELF_CHECKS,
  type SelfCheck,
  type SelfOutcome,
} from '../../contract/diagnostics-checks.ts';
import { printLine } from '../io.ts';

const GROUPS: Readonly<Record<(typeof CHECK_GROUPS)[number], string>> = {
  devices: 'Devices',
  face: 'Face',
  stores: 'Records',
  trust: 'Keys and trust',
  machine: 'Machine',
};

const MARKS: Readonly<Record<SelfOutcome, string>> = {
  passed: 'ok  ',
  warning: 'WARN',
  failed: 'FAIL',
  notDone: '--  ',
  notFitted: '--  ',
};

/** For a technician at a terminal: the verdict first, then every check with its code and its figures. */
export function printReadiness(report: ReadinessReport): void {
  const { laneId, at, ready, software, checks } = report;
  printLine(`Lane ${laneId} is ${ready ? 'ready' : 'NOT ready'}.`);
  printLine(`${at}, software ${software}`);
  for (const group of CHECK_GROUPS) {
    const own = checks.filter(({ id }) => SELF_CHECKS[id] === group);
    if (own.length === 0) continue;
    printLine('');
    printLine(GROUPS[group]);
    for (const check of own) printLine(`  ${lineOf(check)}`);
  }
  const broken = checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
  if (broken.length === 0) return;
  printLine('');
  printLine(`Failed: ${broken.join(', ')}`);
}

function lineOf({ id, outcome, code, facts, ms }: SelfCheck): string {
  const word = code ?? (outcome === 'notFitted' ? 'notFitted' : '');
  return `${MARKS[outcome]} ${id.padEnd(16)} ${`${Math.round(ms)} ms`.padStart(8)}  ${[word, factsText(facts)].filter((part) => part !== '').join('  ')}`.trimEnd();
}

function factsText(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${value === null ? '-' : String(value)}`)
    .join(' ');
}
