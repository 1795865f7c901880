import { TriangleAlert, Unplug, UserRoundX } from 'lucide-react';
import { memo, useCallback, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { STATIONS } from '../../../contract/traveller-view.ts';
import { SeverityIcon } from '../alarms/severity-icon.tsx';
import type { CardStore } from '../console/card-store.ts';
import { countText, secondsText, shareText } from '../figures.ts';
import { StepAge } from './step-age.tsx';
import { needOf } from './wall-order.ts';

interface LaneCardViewProps {
  readonly cards: CardStore;
  readonly laneId: string;
  readonly chosen: boolean;
  readonly onOpen: (laneId: string) => void;
}

/** One lane of the wall. Drawn anew only when its own card changes: a hundred of them change twice a second. */
export const LaneCardView = memo(function LaneCardView({ cards, laneId, chosen, onOpen }: LaneCardViewProps) {
  const { t, i18n } = useTranslation();
  const card = useSyncExternalStore(
    useCallback((tell: () => void) => cards.subscribe(laneId, tell), [cards, laneId]),
    () => cards.cards.get(laneId),
  );
  if (card === undefined) return null;
  const { direction, referrals, alarm } = card;
  const tone = needOf(card) >= 1000 ? 'needed' : !card.connected ? 'away' : !card.inService ? 'shut' : 'calm';
  return (
    <li className="wall-card" data-lane={laneId} data-tone={tone} data-chosen={chosen}>
      <button type="button" className="wall-open" onClick={() => onOpen(laneId)}>
        <span className="wall-head">
          <b className="wall-name">{laneId}</b>
          <span className="wall-direction">
            {direction.from} → {direction.to}
          </span>
          <StepAge since={card.stepSince} language={i18n.language} />
        </span>
        <span className="wall-step">{t(`steps.${card.step}`)}</span>
        <span className="wall-middle">
          <span className="wall-track" role="img" aria-label={t('lane.track')}>
            {STATIONS.map((station, index) => (
              <span key={station} data-station={station} data-reached={index < card.stationsReached} />
            ))}
          </span>
          <span
            className="wall-doors"
            role="img"
            aria-label={card.doors.map(({ door, state }) => `${door} ${t(`doorStates.${state}`)}`).join(', ')}
          >
            {card.doors.map(({ door, state }) => (
              <span key={door} className="wall-door" data-state={state} />
            ))}
          </span>
        </span>
        <span className="wall-line">
          {!card.connected ? (
            <>
              <Unplug size={14} aria-hidden="true" /> {t('wall.away')}
            </>
          ) : referrals.own > 0 ? (
            <>
              <UserRoundX size={14} aria-hidden="true" /> {t('wall.referrals', { count: referrals.own })}
            </>
          ) : alarm !== null ? (
            <>
              <SeverityIcon severity={alarm.severity} size={14} />
              <span className="wall-alarm">{t(`events.${alarm.event}`)}</span>
              {card.alarms > 1 ? <span className="tag">{card.alarms}</span> : null}
            </>
          ) : !card.inService ? (
            <>
              <TriangleAlert size={14} aria-hidden="true" /> {t('lane.outOfService')}
            </>
          ) : null}
        </span>
        <span className="wall-figures">
          <span>
            <b>{countText(card.passed, i18n.language)}</b> <span className="wall-word">{t('figures.passed')}</span>
          </span>
          <span>{shareText(card.withoutOfficer, i18n.language)}</span>
          <span>{secondsText(card.medianMs, i18n.language)}</span>
        </span>
      </button>
    </li>
  );
});
