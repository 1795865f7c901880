import { useTranslation } from 'react-i18next';
import type { Viewer } from '../../contract/supervisor-view.ts';
import { Kbd } from '../ui/kbd.tsx';
import { VIEWER_KEYS, VIEWER_OWNER, VIEWERS } from './viewers.ts';

/** Whose eyes the console has: each officer sees only what their own side may. */
export function ViewerSwitch({ viewer, onLook }: { viewer: Viewer; onLook: (viewer: Viewer) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className="viewer-switch">
      <legend className="visually-hidden">{t('lookAs')}</legend>
      {VIEWERS.map((name) => (
        <button
          key={name}
          type="button"
          className="viewer"
          data-owner={VIEWER_OWNER[name]}
          aria-pressed={name === viewer}
          onClick={() => onLook(name)}
        >
          {t(`viewers.${name}`)}
          <Kbd>{(VIEWER_KEYS[name] ?? '').toUpperCase()}</Kbd>
        </button>
      ))}
    </fieldset>
  );
}
