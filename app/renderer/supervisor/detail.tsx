import { useTranslation } from 'react-i18next';

/** Where a code's words may be found, in this order. */
const SHELVES = [
  'referralCodes',
  'serviceReasons',
  'codes',
  'events',
  'deviceNames',
  'places',
  'owners',
  'words',
  'checks',
  'actions',
] as const;

/**
 * A detail of an event: short codes with spaces between them, e.g. `entry refer` or `laneController unplugged`. Each is said in
 * words where the catalogue knows it and otherwise as it is, in mono: a technician can search for it.
 */
export function Detail({ codes }: { codes: string }) {
  const { t, i18n } = useTranslation();
  return codes.split(' ').map((code, index) => {
    const shelf = SHELVES.find((name) => i18n.exists(`${name}.${code}`));
    const words = shelf === undefined ? <span className="mono">{code}</span> : t(`${shelf}.${code}`);
    // biome-ignore lint/suspicious/noArrayIndexKey: words of one sentence hold no state
    return <span key={index}>{words} </span>;
  });
}
