import { useTranslation } from 'react-i18next';
import type { Period } from './period.ts';

interface PeriodFieldsProps {
  readonly period: Period;
  readonly onPeriod: (period: Period) => void;
  readonly lanes: readonly string[];
  readonly laneId: string;
  readonly onLane: (laneId: string) => void;
}

/** From, to, and which lane: the head of every question about what was. */
export function PeriodFields({ period, onPeriod, lanes, laneId, onLane }: PeriodFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <label className="field">
        <span>{t('query.from')}</span>
        <input
          type="datetime-local"
          value={period.from}
          onChange={(event) => onPeriod({ ...period, from: event.target.value })}
        />
      </label>
      <label className="field">
        <span>{t('query.to')}</span>
        <input
          type="datetime-local"
          value={period.to}
          onChange={(event) => onPeriod({ ...period, to: event.target.value })}
        />
      </label>
      {lanes.length < 2 ? null : (
        <label className="field">
          <span>{t('query.lane')}</span>
          <select value={laneId} onChange={(event) => onLane(event.target.value)}>
            <option value="">{t('query.allLanes')}</option>
            {lanes.map((lane) => (
              <option key={lane} value={lane}>
                {lane}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
