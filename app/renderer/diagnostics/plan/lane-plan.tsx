import { Camera, DoorClosed, DoorOpen, Lamp, Nfc, OctagonAlert, ScanLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { DiagnosedDevice, Workbench } from '../../../contract/diagnostics-view.ts';
import { accessoryState, type PageId, STATE_TONES } from '../pages.ts';

interface LanePlanProps {
  readonly workbench: Workbench;
  readonly page: PageId;
  readonly onPage: (page: PageId) => void;
}

/** What has a page of its own; what only some lanes have is one place. */
type PlannedDevice = Extract<PageId, DiagnosedDevice | 'accessories'>;

const CHAMBERS = ['A', 'B'] as const;

/** The lane from above, walked from the bottom to the top, with every device where it stands. Touching one opens its page. */
export function LanePlan({ workbench: { devices, doors }, page, onPage }: LanePlanProps) {
  const { t } = useTranslation();
  const accessories = accessoryState({ devices });
  const device = (name: PlannedDevice, icon: React.ReactNode) => {
    const state =
      name === 'accessories' ? accessories : (devices.find((each) => each.device === name)?.state ?? 'notFitted');
    return (
      <button
        type="button"
        className="plan-device"
        data-device={name}
        data-tone={STATE_TONES[state]}
        aria-pressed={page === name}
        onClick={() => onPage(name)}
      >
        {icon}
        <span className="plan-device-name">{t(`nav.${name}`)}</span>
        <span className="plan-device-state">{t(`states.${state}`)}</span>
      </button>
    );
  };
  const door = (number: number) => {
    const found = doors.find((each) => each.door === number);
    const state = found?.state ?? 'unknown';
    const Icon = state === 'open' ? DoorOpen : state === 'fault' ? OctagonAlert : DoorClosed;
    return (
      <button
        type="button"
        className="plan-door"
        data-door={number}
        data-state={state}
        data-lamp={found?.lamp ?? 'unknown'}
        aria-pressed={page === 'laneController'}
        onClick={() => onPage('laneController')}
      >
        <span className="plan-leaf" aria-hidden="true" />
        <span className="plan-door-words">
          <Icon size={16} aria-hidden="true" /> {t('plan.door', { door: number })}{' '}
          <span className="quiet">{t(`doorStates.${state}`)}</span>
        </span>
        <span className="plan-leaf" aria-hidden="true" />
      </button>
    );
  };
  const count = Math.max(2, doors.length);
  return (
    <section className="plan panel" aria-label={t('plan.title')}>
      <p className="plan-side" data-owner="entry">
        {t('plan.entry')}
      </p>
      {Array.from({ length: count }, (_, index) => count - index).map((number) => (
        <div key={number} className="plan-part">
          {door(number)}
          {number === 1 ? (
            <div className="plan-space plan-front">
              {device('documentScanner', <ScanLine size={18} aria-hidden="true" />)}
              {device('chipReader', <Nfc size={18} aria-hidden="true" />)}
            </div>
          ) : (
            <div className="plan-space">
              <span className="plan-chamber">{t('plan.chamber', { name: CHAMBERS[number - 2] ?? 'A' })}</span>
              {number === 2 ? device('camera', <Camera size={18} aria-hidden="true" />) : null}
              {number === 2 && accessories !== 'notFitted'
                ? device('accessories', <Lamp size={18} aria-hidden="true" />)
                : null}
            </div>
          )}
        </div>
      ))}
      <p className="plan-side" data-owner="exit">
        {t('plan.exit')}
      </p>
    </section>
  );
}
