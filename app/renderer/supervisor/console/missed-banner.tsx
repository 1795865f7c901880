import { useTranslation } from 'react-i18next';
import { Kbd } from '../../ui/kbd.tsx';
import { useShortcuts } from '../../ui/use-shortcuts.ts';
import { timeOfDay } from '../figures.ts';
import type { Missed } from './console-state.ts';

/** What happened while this console was locked or had no lane: told once, until it is seen. */
export function MissedBanner({ missed, onSeen }: { missed: Missed; onSeen: () => void }) {
  const { t, i18n } = useTranslation();
  useShortcuts({ v: onSeen });
  const { since, alarms, events } = missed;
  return (
    <div className="banner banner-attention missed">
      <p>{t('missed.text', { time: timeOfDay(since, i18n.language), alarms, events })}</p>
      <button type="button" className="button" aria-keyshortcuts="v" onClick={onSeen}>
        {t('missed.seen')}
        <Kbd>V</Kbd>
      </button>
    </div>
  );
}
