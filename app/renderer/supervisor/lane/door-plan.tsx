import { useTranslation } from 'react-i18next';
import type { SupervisorView } from '../../../contract/supervisor-view.ts';

interface DoorPlanProps {
  readonly doors: SupervisorView['doors'];
  readonly place: SupervisorView['referrals'][number]['place'] | null;
}

/** The lane from above, walked from left to right: doors as they are, chambers between them, a dot where a referred traveller stands. */
export function DoorPlan({ doors, place }: DoorPlanProps) {
  const { t } = useTranslation();
  const chambers = doors.slice(0, -1).map((_, index) => (index === 0 ? 'chamberA' : 'chamberB'));
  return (
    <ol className="door-plan" aria-label={t('lane.doors')}>
      <li className="plan-space plan-outside" data-here={place === 'outside'} aria-hidden="true">
        <span className="plan-person" />
      </li>
      {doors.map(({ door, state }, index) => (
        <li key={door} className="plan-door" data-state={state}>
          <span className="plan-leaf" aria-hidden="true">
            <span />
            <span />
          </span>
          <span className="plan-door-name">
            {door} <b>{t(`doorStates.${state}`)}</b>
          </span>
          {index < chambers.length ? (
            <span className="plan-space" data-here={place === chambers[index]} aria-hidden="true">
              <span className="plan-chamber">{index === 0 ? 'A' : 'B'}</span>
              <span className="plan-person" />
            </span>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
