import { useTranslation } from 'react-i18next';
import { AUDIT_EVENTS } from '../../contract/audit-events.ts';
import type { TimelineEntry } from '../../contract/supervisor-view.ts';
import { SeverityIcon } from './alarms/severity-icon.tsx';
import { Detail } from './detail.tsx';
import { timeOfDay } from './figures.ts';
import { shortId } from './short-id.ts';

/** What happened, the newest on top, in the words of the audit registry. */
export function TimelinePanel({ timeline }: { timeline: readonly TimelineEntry[] }) {
  const { t, i18n } = useTranslation();
  const newestFirst = [...timeline].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section className="panel timeline" aria-label={t('timeline.title')}>
      <header className="panel-head">
        <h2 className="panel-title">{t('timeline.title')}</h2>
      </header>
      {newestFirst.length === 0 ? (
        <p className="empty">{t('timeline.none')}</p>
      ) : (
        // A list that scrolls must be reachable by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrollable region
        <ol className="timeline-list" tabIndex={0} aria-label={t('timeline.title')}>
          {newestFirst.map((entry, index) => (
            // Entries have no id of their own; several may share time and event.
            // biome-ignore lint/suspicious/noArrayIndexKey: rows hold no state
            <li key={`${entry.at} ${entry.event} ${index}`} className="timeline-row">
              <time className="mono" dateTime={entry.at}>
                {timeOfDay(entry.at, i18n.language)}
              </time>
              <SeverityIcon severity={AUDIT_EVENTS[entry.event].severity} size={15} />
              <span className="timeline-text">{t(`events.${entry.event}`)}</span>
              <span className="timeline-detail">{entry.detail === null ? null : <Detail codes={entry.detail} />}</span>
              <span className="timeline-record mono">{entry.recordId === null ? null : shortId(entry.recordId)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
