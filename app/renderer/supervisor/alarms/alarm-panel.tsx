import { BellOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alarm } from '../../../contract/supervisor-view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { Detail } from '../detail.tsx';
import { timeOfDay } from '../figures.ts';
import { calmOrder } from './alarm-order.ts';
import { SeverityIcon } from './severity-icon.tsx';

interface AlarmPanelProps {
  readonly alarms: readonly Alarm[];
  /** Null: this officer only looks. */
  readonly onAcknowledge: ((alarmId: number) => void) | null;
}

/** The open alarms, gravest first. J and K choose, A acknowledges. */
export function AlarmPanel({ alarms, onAcknowledge }: AlarmPanelProps) {
  const { t, i18n } = useTranslation();
  const [held, setHeld] = useState(false);
  const [chosenId, setChosenId] = useState<number | null>(null);
  const shownIds = useRef<readonly number[]>([]);
  const ordered = calmOrder(shownIds.current, alarms, held);
  useEffect(() => {
    shownIds.current = ordered.map(({ id }) => id);
  });

  const chosen = ordered.find(({ id }) => id === chosenId) ?? ordered[0];
  const choose = (step: number) => {
    const index = ordered.findIndex(({ id }) => id === chosen?.id) + step;
    const next = ordered[Math.min(Math.max(index, 0), ordered.length - 1)];
    if (next !== undefined) setChosenId(next.id);
  };
  useShortcuts({
    j: () => choose(1),
    k: () => choose(-1),
    a: () => {
      if (chosen !== undefined) onAcknowledge?.(chosen.id);
    },
  });

  return (
    <section
      className="panel alarms"
      aria-label={t('alarms.title')}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <header className="panel-head">
        <h2 className="panel-title">
          {t('alarms.title')} <span className="panel-count">{ordered.length}</span>
        </h2>
        <span className="keys">
          <Kbd>J</Kbd>
          <Kbd>K</Kbd>
        </span>
      </header>
      {ordered.length === 0 ? (
        <div className="empty">
          <BellOff size={28} aria-hidden="true" />
          <p>{t('alarms.none')}</p>
        </div>
      ) : (
        <ul className="alarm-list">
          {ordered.map((alarm) => (
            <li key={alarm.id} className="alarm" data-severity={alarm.severity} data-chosen={alarm === chosen}>
              <SeverityIcon severity={alarm.severity} size={20} />
              <div className="alarm-words">
                <p className="alarm-meta">
                  <span className="alarm-severity">{t(`severities.${alarm.severity}`)}</span>
                  <time dateTime={alarm.at}>{timeOfDay(alarm.at, i18n.language)}</time>
                  {alarm.count > 1 ? <span>{t('alarms.count', { count: alarm.count })}</span> : null}
                </p>
                <p className="alarm-text">{t(`events.${alarm.event}`)}</p>
                {alarm.detail === null ? null : (
                  <p className="alarm-detail">
                    <Detail codes={alarm.detail} />
                  </p>
                )}
                {alarm === chosen && i18n.exists(`alarmAdvice.${alarm.event}`) ? (
                  <p className="alarm-advice">
                    <strong>{t('alarms.advice')}</strong> {t(`alarmAdvice.${alarm.event}`)}
                  </p>
                ) : null}
                <p className="alarm-foot">
                  <span className="tag" data-owner={alarm.owner}>
                    {t(`owners.${alarm.owner}`)}
                  </span>
                  {alarm.silent === true ? (
                    <span className="tag" data-tone="stop">
                      {t('alarms.watchlist')}
                    </span>
                  ) : null}
                  {onAcknowledge === null ? null : (
                    <button
                      type="button"
                      className="button alarm-acknowledge"
                      onFocus={() => setChosenId(alarm.id)}
                      onClick={() => onAcknowledge(alarm.id)}
                    >
                      {t('alarms.acknowledge')}
                      {alarm === chosen ? <Kbd>A</Kbd> : null}
                    </button>
                  )}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
