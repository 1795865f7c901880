import { useTranslation } from 'react-i18next';

/** Where a code's words may be found, in this order. */
const SHELVES = ['referralCodes', 'codes', 'events', 'deviceNames', 'places', 'owners', 'checks'] as const;

/** A short code in words where the catalogue knows it, otherwise as it is, in mono: a technician can search for it. */
export function Detail({ code, className }: { code: string; className: string }) {
  const { t, i18n } = useTranslation();
  const shelf = SHELVES.find((name) => i18n.exists(`${name}.${code}`));
  return shelf === undefined ? (
    <span className={`${className} mono`}>{code}</span>
  ) : (
    <span className={className}>{t(`${shelf}.${code}`)}</span>
  );
}
