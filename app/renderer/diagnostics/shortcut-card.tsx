import { useTranslation } from 'react-i18next';
import { KeyCard } from '../ui/key-card.tsx';
import { PAGES } from './pages.ts';

const KEYS = [
  ['confirm', 'Y'],
  ['cancel', 'X'],
  ['save', 'V'],
  ['leave', 'Q'],
  ['theme', 'T'],
  ['language', 'L'],
  ['help', '?'],
] as const;

/** All keys of the workbench: its pages first. */
export function ShortcutCard({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const rows = [
    ...PAGES.map(({ id, key }) => ({ id: `page-${id}`, keys: [key.toUpperCase()], text: t(`nav.${id}`) })),
    ...KEYS.map(([id, key]) => ({ id, keys: [key], text: t(`shortcuts.${id}`) })),
  ];
  return <KeyCard title={t('shortcuts.title')} closeLabel={t('close')} rows={rows} onClose={onClose} />;
}
