import type { AuditRegistry } from './product.ts';

/** `docs/audit-events.md`: every line that an auditor, officer or technician can read. */
export function auditEventsPage(registry: AuditRegistry): string {
  const events = Object.entries(registry);
  const alarms = events.filter(([, { alarm }]) => alarm).length;
  return [
    '# Audit events',
    '',
    'Written by `node build/docs/audit-events.ts` from `app/contract/audit-events.ts`; a test fails when it is stale.',
    `${events.length} events, ${alarms} of them alarms that an officer must acknowledge. The owner is whose officers it concerns,`,
    'unless the entry itself names a side.',
    '',
    '| Event | Severity | Owner | Alarm | Text |',
    '| --- | --- | --- | --- | --- |',
    ...events.map(
      ([id, { severity, owner, alarm, text }]) =>
        `| \`${id}\` | ${severity} | ${owner} | ${alarm ? 'yes' : ''} | ${text.replaceAll('|', '\\|')} |`,
    ),
    '',
  ].join('\n');
}
