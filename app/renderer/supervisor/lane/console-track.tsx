import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { STATIONS } from '../../../contract/traveller-view.ts';

/** The traveller's five stations, small. Exit and entry have their side's hue. */
export function ConsoleTrack({ reached, live }: { reached: number; live: boolean }) {
  const { t } = useTranslation();
  return (
    <ol className="console-track" aria-label={t('lane.track')}>
      {STATIONS.map((station, index) => (
        <li
          key={station}
          className="console-station"
          data-station={station}
          data-state={index < reached ? 'reached' : live && index === reached ? 'next' : 'ahead'}
        >
          <span className="console-station-disc">
            {index < reached ? <Check size={12} strokeWidth={3.5} aria-hidden="true" /> : null}
          </span>
          <span className="console-station-name">{t(`stations.${station}`)}</span>
        </li>
      ))}
    </ol>
  );
}
