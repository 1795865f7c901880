import { useTranslation } from 'react-i18next';
import { KeyCard } from '../ui/key-card.tsx';

const LOOK_ROW = { text: 'viewer', keys: ['X', 'N', 'P'] } as const;
const ROWS = [
  { text: 'pages', keys: ['G', 'W', 'S', 'H', 'U'] },
  { text: 'alarms', keys: ['J', 'K'] },
  { text: 'acknowledge', keys: ['A'] },
  { text: 'referral', keys: ['R'] },
  { text: 'reason', keys: ['1', '…', '6'] },
  { text: 'actions', keys: ['M', 'B'] },
  { text: 'release', keys: ['0'] },
  { text: 'keep', keys: ['F'] },
  { text: 'note', keys: ['E'] },
  { text: 'service', keys: ['O', 'C'] },
  { text: 'goAlone', keys: ['I'] },
  { text: 'doors', keys: ['D', 'Y'] },
  { text: 'reverse', keys: ['9'] },
  { text: 'missed', keys: ['V'] },
  { text: 'session', keys: ['Q', 'Z'] },
  { text: 'theme', keys: ['T'] },
  { text: 'language', keys: ['L'] },
  { text: 'help', keys: ['?'] },
] as const;

/** All keys of the console. */
export function ShortcutList({ mayLookAs, onClose }: { mayLookAs: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const rows = [...(mayLookAs ? [LOOK_ROW] : []), ...ROWS].map(({ text, keys }) => ({
    id: text,
    keys,
    text: t(`shortcuts.${text}`),
  }));
  return <KeyCard title={t('shortcuts.title')} closeLabel={t('shortcuts.close')} rows={rows} onClose={onClose} />;
}
