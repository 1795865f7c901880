import { useTranslation } from 'react-i18next';
import { STATIONS } from '../../contract/traveller-view.ts';
import { StationIcon } from './station-icons.tsx';

/** The five stations like a metro line, filling as the crossing goes. The only progress a traveller needs. */
export function Track({ reached }: { reached: number }) {
  const { t } = useTranslation();
  return (
    <nav className="track-place" aria-label={t('labels.track')}>
      <ol className="track">
        {STATIONS.map((station, index) => {
          const state = index < reached ? 'reached' : index === reached ? 'next' : 'ahead';
          return (
            <li
              key={station}
              className={`station station-${state}`}
              aria-current={state === 'next' ? 'step' : undefined}
            >
              <span className="station-disc">
                <StationIcon station={station} />
              </span>
              <span className="station-name">{t(`stations.${station}`)}</span>
              <span className="visually-hidden">{t(`labels.${state}`)}</span>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
