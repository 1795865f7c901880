import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../ui/kbd.tsx';
import { PAGES } from './pages.ts';

const ROWS = [
  { text: 'confirm', keys: ['Y'] },
  { text: 'cancel', keys: ['X'] },
  { text: 'save', keys: ['V'] },
  { text: 'leave', keys: ['Q'] },
  { text: 'theme', keys: ['T'] },
  { text: 'language', keys: ['L'] },
  { text: 'help', keys: ['?'] },
] as const;

/** All keys of the window on one card. */
export function ShortcutCard({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="card" aria-label={t('shortcuts.title')} onClose={onClose}>
      <header className="panel-head">
        <h2 className="panel-title">{t('shortcuts.title')}</h2>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {t('close')}
          <Kbd>Esc</Kbd>
        </button>
      </header>
      <dl className="card-keys">
        {PAGES.map(({ id, key }) => (
          <div key={id}>
            <dt>
              <Kbd>{key.toUpperCase()}</Kbd>
            </dt>
            <dd>{t(`nav.${id}`)}</dd>
          </div>
        ))}
        {ROWS.map(({ text, keys }) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{t(`shortcuts.${text}`)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
