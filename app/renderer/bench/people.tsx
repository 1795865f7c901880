import { UserX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BenchView } from '../../contract/bench-messages.ts';

interface PeopleProps {
  readonly scenes: BenchView['scenes'];
  readonly current: string;
  readonly onStand: (sceneId: string) => void;
}

/** Who can stand before the camera; the one who does is ringed. */
export function People({ scenes, current, onStand }: PeopleProps) {
  const { t } = useTranslation();
  return (
    <ul className="people">
      {scenes.map(({ id, title, thumbnail }) => (
        <li key={id}>
          <button
            type="button"
            className="person"
            data-scene={id}
            aria-pressed={id === current}
            onClick={() => onStand(id)}
          >
            {thumbnail === null ? (
              <span className="person-photo person-nobody">
                <UserX size={28} strokeWidth={1.5} aria-label={t('people.nobody')} />
              </span>
            ) : (
              <img className="person-photo" src={thumbnail} alt="" />
            )}
            <span className="person-name">{title}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
