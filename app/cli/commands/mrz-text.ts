import { isoPartialDate } from '../../documents/mrz/calendar-date.ts';
import type { MrzDocument, MrzProblem, MrzReading, MrzRepair } from '../../documents/mrz/reading.ts';

/** A reading for a person at a terminal: what it is, its fields, what failed, what a repair would change. */
export function describeReading(reading: MrzReading): string {
  const lines = reading.format === null ? ['not recognised'] : documentLines(reading);
  for (const problem of reading.problems) lines.push(problemLine(problem));
  for (const repair of reading.repairs) lines.push(repairLine(repair));
  if (reading.repairTo !== null) lines.push('repaired, it would read', ...reading.repairTo.map((line) => `  ${line}`));
  return lines.join('\n');
}

function documentLines(document: MrzDocument): string[] {
  const { permit } = document;
  const checks = document.checks.map(({ field, ok }) => `${ok ? '' : 'NOT '}${field}`).join(', ');
  const fields: readonly (readonly [string, string | null | undefined])[] = [
    ['document', `${document.documentCode} ${document.issuingState}`],
    ['number', document.documentNumber],
    ['name', [document.primaryIdentifier, document.secondaryIdentifier].filter((part) => part !== '').join(', ')],
    ['native name', document.nativeName],
    ['nationality', document.nationality],
    ['birth', document.birth === null ? document.birthDate : (isoPartialDate(document.birth) ?? document.birthDate)],
    ['sex', document.sex],
    ['expiry', document.expiry === null ? document.expiryDate : isoPartialDate(document.expiry)],
    ['optional data', [document.optionalData, document.optionalData2].filter((part) => part !== '').join(' ')],
    ['renewal count', permit?.renewalCount],
    ['local number', permit?.localNumber],
    ['authority', permit?.issuingAuthority],
    ['place of birth', permit?.placeOfBirth],
    ['checks', checks],
  ];
  const shown = fields.flatMap(([name, value]) =>
    value == null || value === '' ? [] : [`  ${name.padEnd(15)}${value}`],
  );
  return [`${document.format} ${document.valid ? 'valid' : 'NOT VALID'}`, ...shown];
}

function problemLine({ code, severity, field, line, column, expected, found }: MrzProblem): string {
  const place = [line === null ? '' : `line ${line}`, column === null ? '' : `column ${column}`].filter(
    (part) => part !== '',
  );
  const evidence = [found === null ? '' : `found ${found}`, expected === null ? '' : `expected ${expected}`].filter(
    (part) => part !== '',
  );
  return `  ${[severity, code, field ?? '', place.join(' '), evidence.join(', ')].filter((part) => part !== '').join(' · ')}`;
}

function repairLine({ code, line, column, from, to }: MrzRepair): string {
  const change =
    from === '' && to === '' ? '' : ` · ${from === '' ? 'nothing' : from} -> ${to === '' ? 'nothing' : to}`;
  return `  repair · ${code} · line ${line} column ${column}${change}`;
}
