import { Search } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RECORD_STATES, type RecordState } from '../../../contract/crossing.ts';
import type { FoundRecord, RecordQuery } from '../../../contract/supervisor-console.ts';
import { type Column, ResultTable } from '../../ui/result-table.tsx';
import { useConsoleContext } from '../console/use-console.ts';
import { Detail } from '../detail.tsx';
import { secondsText } from '../figures.ts';
import { RecordName } from '../record-name.tsx';
import { dateTime, instantsOf, today } from './period.ts';
import { PeriodFields } from './period-fields.tsx';

interface Found {
  readonly query: RecordQuery;
  readonly records: readonly FoundRecord[];
  readonly more: boolean;
}

/**
 * Finds records by document, time, lane and outcome. A document is typed to be asked for: it goes to the lane, which hashes it,
 * and leaves the screen with the answer. No record shows one.
 */
export function SearchPage({ lanes }: { lanes: readonly string[] }) {
  const { t, i18n } = useTranslation();
  const { ask, say } = useConsoleContext();
  const [period, setPeriod] = useState(() => today(Date.now()));
  const [laneId, setLaneId] = useState('');
  const [state, setState] = useState<RecordState | ''>('');
  const [issuer, setIssuer] = useState('');
  const [number, setNumber] = useState('');
  const [found, setFound] = useState<Found | null>(null);
  const [busy, setBusy] = useState(false);
  const instants = instantsOf(period);
  const halfDocument = (issuer === '') !== (number === '');

  const search = async (query: RecordQuery, before: readonly FoundRecord[]) => {
    setBusy(true);
    const reply = await ask({ type: 'search', query });
    setBusy(false);
    if (reply.ok && reply.value.type === 'records')
      setFound({ query, records: [...before, ...reply.value.records], more: reply.value.more });
    else if (!reply.ok) say({ error: reply.error, done: null });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (instants === null || halfDocument) return;
    const document = number === '' ? null : { issuingState: issuer, number };
    setIssuer('');
    setNumber('');
    const states = state === '' ? [] : [state];
    void search({ ...instants, document, laneId: laneId === '' ? null : laneId, states, before: null }, []);
  };
  const more = () => {
    const oldest = found?.records.at(-1);
    if (found !== null && oldest !== undefined) void search({ ...found.query, before: oldest.openedAt }, found.records);
  };
  const columns: Column<FoundRecord>[] = [
    { id: 'opened', head: t('query.opened'), cell: ({ openedAt }) => dateTime(openedAt, i18n.language) },
    { id: 'lane', head: t('query.lane'), cell: (record) => record.laneId },
    { id: 'outcome', head: t('query.outcome'), cell: (record) => t(`recordStates.${record.state}`) },
    {
      id: 'why',
      head: t('query.why'),
      cell: ({ referral, endCode }) => (
        <>
          {referral === null ? null : <Detail codes={referral.code} />}
          {endCode === null ? null : <Detail codes={endCode} />}
        </>
      ),
    },
    { id: 'took', head: t('query.took'), cell: (record) => secondsText(tookMs(record), i18n.language) },
    { id: 'record', head: t('query.record'), cell: ({ recordId }) => <RecordName recordId={recordId} /> },
  ];

  return (
    <main className="query-page">
      <form className="panel query-form" onSubmit={submit} autoComplete="off" aria-label={t('pages.search')}>
        <PeriodFields period={period} onPeriod={setPeriod} lanes={lanes} laneId={laneId} onLane={setLaneId} />
        <label className="field">
          <span>{t('query.outcome')}</span>
          <select value={state} onChange={(event) => setState(event.target.value as RecordState | '')}>
            <option value="">{t('query.anyOutcome')}</option>
            {RECORD_STATES.map((name) => (
              <option key={name} value={name}>
                {t(`recordStates.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field field-short">
          <span>{t('query.issuer')}</span>
          <input
            value={issuer}
            maxLength={3}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setIssuer(event.target.value.toUpperCase().replace(/[^A-Z]/g, ''))}
          />
        </label>
        <label className="field">
          <span>{t('query.document')}</span>
          <input
            value={number}
            maxLength={22}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setNumber(event.target.value.toUpperCase().replace(/[^A-Z0-9]/g, ''))}
          />
        </label>
        <button
          type="submit"
          className="button button-main"
          disabled={busy || instants === null || halfDocument || (number !== '' && number.length < 4)}
        >
          <Search size={16} aria-hidden="true" />
          {t('query.search')}
        </button>
        <p className="quiet query-note">{t('query.documentNote')}</p>
      </form>
      <ResultTable
        label={t('query.found')}
        columns={columns}
        rows={found?.records ?? null}
        keyOf={({ recordId }) => recordId}
        kindOf={({ state: end }) => end}
        texts={{ notYet: t('query.notYet'), nothing: t('query.nothing'), more: t('query.more') }}
        onMore={found?.more === true ? more : null}
        busy={busy}
      />
    </main>
  );
}

function tookMs({ openedAt, endedAt }: FoundRecord): number | null {
  return endedAt === null ? null : Date.parse(endedAt) - Date.parse(openedAt);
}
