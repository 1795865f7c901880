import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../ui/kbd.tsx';

const LOOK_ROW = { text: 'viewer', keys: ['X', 'N', 'P'] } as const;
const ROWS = [
  { text: 'pages', keys: ['G', 'W', 'S', 'H', 'U'] },
  { text: 'alarms', keys: ['J', 'K'] },
  { text: 'acknowledge', keys: ['A'] },
  { text: 'referral', keys: ['R'] },
  { text: 'reason', keys: ['1', '…', '6'] },
  { text: 'actions', keys: ['M', 'B'] },
  { text: 'keep', keys: ['F'] },
  { text: 'note', keys: ['E'] },
  { text: 'service', keys: ['O', 'C'] },
  { text: 'goAlone', keys: ['I'] },
  { text: 'doors', keys: ['D', 'Y'] },
  { text: 'missed', keys: ['V'] },
  { text: 'session', keys: ['Q', 'Z'] },
  { text: 'theme', keys: ['T'] },
  { text: 'language', keys: ['L'] },
  { text: 'help', keys: ['?'] },
] as const;

/** All keys of the console on one card. */
export function ShortcutList({ mayLookAs, onClose }: { mayLookAs: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="shortcut-list" aria-label={t('shortcuts.title')} onClose={onClose}>
      <header className="panel-head">
        <h2 className="panel-title">{t('shortcuts.title')}</h2>
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {t('shortcuts.close')}
          <Kbd>Esc</Kbd>
        </button>
      </header>
      <dl>
        {[...(mayLookAs ? [LOOK_ROW] : []), ...ROWS].map(({ text, keys }) => (
          <div key={text}>
            <dt className="keys">
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
