import { Download, Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AUDIT_EVENT_IDS, type AuditEventId, SEVERITIES, type Severity } from '../../../contract/audit-events.ts';
import type { AuditLine, AuditQuery } from '../../../contract/supervisor-console.ts';
import { type Column, ResultTable } from '../../ui/result-table.tsx';
import { SeverityIcon } from '../alarms/severity-icon.tsx';
import { useConsoleContext } from '../console/use-console.ts';
import { Detail } from '../detail.tsx';
import { RecordName } from '../record-name.tsx';
import { toCsv } from '../search/csv.ts';
import { dateTime, instantsOf, today } from '../search/period.ts';
import { PeriodFields } from '../search/period-fields.tsx';

interface Read {
  readonly query: AuditQuery;
  readonly lines: readonly AuditLine[];
  readonly more: boolean;
}

/** The journal in the words of the registry, newest first, by time, event and severity. That it was read is a line in it. */
export function AuditPage({ lanes }: { lanes: readonly string[] }) {
  const { t, i18n } = useTranslation();
  const { ask, say, saveText } = useConsoleContext();
  const [period, setPeriod] = useState(() => today(Date.now()));
  const [laneId, setLaneId] = useState('');
  const [event, setEvent] = useState<AuditEventId | ''>('');
  const [severity, setSeverity] = useState<Severity | ''>('');
  const [read, setRead] = useState<Read | null>(null);
  const [busy, setBusy] = useState(false);
  const instants = instantsOf(period);

  const load = async (query: AuditQuery, before: readonly AuditLine[]) => {
    setBusy(true);
    const reply = await ask({ type: 'audit', query });
    setBusy(false);
    if (reply.ok && reply.value.type === 'audit')
      setRead({ query, lines: [...before, ...reply.value.lines], more: reply.value.more });
    else if (!reply.ok) say({ error: reply.error, done: null });
  };
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    if (instants === null) return;
    const query = {
      ...instants,
      laneId: laneId === '' ? null : laneId,
      events: event === '' ? [] : [event],
      severities: severity === '' ? [] : [severity],
      before: null,
    };
    void load(query, []);
  };
  const save = async () => {
    const rows = (read?.lines ?? []).map((line) => [
      line.at,
      line.laneId,
      line.sequence,
      line.event,
      line.severity,
      line.owner,
      line.recordId,
      JSON.stringify(line.facts),
    ]);
    const head = ['at', 'lane', 'sequence', 'event', 'severity', 'owner', 'record', 'facts'];
    if (await saveText('jointgate-audit.csv', toCsv(head, rows))) say({ error: null, done: t('query.saved') });
  };
  const more = () => {
    if (read !== null) void load({ ...read.query, before: read.lines.at(-1)?.sequence ?? null }, read.lines);
  };
  const columns: Column<AuditLine>[] = [
    { id: 'at', head: t('query.at'), cell: ({ at }) => dateTime(at, i18n.language) },
    {
      id: 'severity',
      head: t('query.severity'),
      className: 'cell-severity',
      cell: (line) => (
        <>
          <SeverityIcon severity={line.severity} size={15} /> {t(`severities.${line.severity}`)}
        </>
      ),
    },
    { id: 'event', head: t('query.event'), cell: (line) => t(`events.${line.event}`) },
    { id: 'owner', head: t('query.owner'), cell: ({ owner }) => t(`owners.${owner}`) },
    {
      id: 'facts',
      head: t('query.facts'),
      className: 'cell-facts',
      cell: ({ facts }) =>
        Object.entries(facts).map(([name, value]) => (
          <span key={name}>
            <span className="quiet">{name}</span> <Detail codes={String(value)} />
          </span>
        )),
    },
    { id: 'record', head: t('query.record'), cell: ({ recordId }) => <RecordName recordId={recordId} /> },
  ];
  const sorted = [...AUDIT_EVENT_IDS].sort((a, b) => t(`events.${a}`).localeCompare(t(`events.${b}`), i18n.language));

  return (
    <main className="query-page">
      <form className="panel query-form" onSubmit={submit} aria-label={t('pages.audit')}>
        <PeriodFields period={period} onPeriod={setPeriod} lanes={lanes} laneId={laneId} onLane={setLaneId} />
        <label className="field field-long">
          <span>{t('query.event')}</span>
          <select value={event} onChange={(changed) => setEvent(changed.target.value as AuditEventId | '')}>
            <option value="">{t('query.anyEvent')}</option>
            {sorted.map((id) => (
              <option key={id} value={id}>
                {t(`events.${id}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{t('query.severity')}</span>
          <select value={severity} onChange={(changed) => setSeverity(changed.target.value as Severity | '')}>
            <option value="">{t('query.anySeverity')}</option>
            {SEVERITIES.map((name) => (
              <option key={name} value={name}>
                {t(`severities.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button button-main" disabled={busy || instants === null}>
          <Search size={16} aria-hidden="true" />
          {t('query.read')}
        </button>
        <button
          type="button"
          className="button"
          disabled={read === null || read.lines.length === 0}
          onClick={() => void save()}
        >
          <Download size={16} aria-hidden="true" />
          {t('query.saveCsv')}
        </button>
      </form>
      <ResultTable
        label={t('pages.audit')}
        columns={columns}
        rows={read?.lines ?? null}
        keyOf={(line) => `${line.laneId} ${line.sequence}`}
        kindOf={({ event: id }) => id}
        texts={{ notYet: t('query.notYet'), nothing: t('query.nothing'), more: t('query.more') }}
        onMore={read?.more === true ? more : null}
        busy={busy}
      />
    </main>
  );
}
