import { useTranslation } from 'react-i18next';
import type { Viewer } from '../../contract/supervisor-view.ts';
import { Kbd } from '../ui/kbd.tsx';
import { useShortcuts } from '../ui/use-shortcuts.ts';
import { VIEWER_KEYS, VIEWER_OWNER, VIEWERS } from './viewers.ts';

/** The demonstration's switch: looks as another officer without signing in. Not there in the field. */
export function ViewerSwitch({ viewer, onLook }: { viewer: Viewer | null; onLook: (viewer: Viewer) => void }) {
  const { t } = useTranslation();
  useShortcuts(Object.fromEntries(VIEWERS.map((name) => [VIEWER_KEYS[name], () => onLook(name)])));
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
