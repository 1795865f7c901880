import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceLine } from '../../../contract/diagnostics-view.ts';
import { timeOf } from '../words.tsx';
import type { PageProps } from './page-props.ts';
import { TraceTable } from './trace-table.tsx';

/** Everything the devices say as it is said, and what the machine went through before. */
export function TracePage({ workbench }: PageProps) {
  const { t, i18n } = useTranslation();
  const [held, setHeld] = useState<readonly TraceLine[] | null>(null);
  return (
    <>
      <div className="row">
        <p className="quiet">{t('trace.masked')}</p>
        <button
          type="button"
          className="button"
          aria-pressed={held !== null}
          onClick={() => setHeld(held === null ? workbench.trace : null)}
        >
          {held === null ? <Pause size={16} aria-hidden="true" /> : <Play size={16} aria-hidden="true" />}
          {t(held === null ? 'trace.pause' : 'trace.go')}
        </button>
      </div>
      <TraceTable lines={held ?? workbench.trace} />
      <section aria-label={t('history.title')}>
        <h3 className="section-title">{t('history.title')}</h3>
        {workbench.history.length === 0 ? <p className="quiet">{t('history.none')}</p> : null}
        <ol className="history">
          {workbench.history.map(({ at, event, detail }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two events of one moment have nothing else to tell them apart
            <li key={`${at}-${index}`}>
              <time className="mono quiet">{timeOf(at, i18n.language)}</time>
              <span>{t(`events.${event}`)}</span>
              <span className="mono quiet">{detail}</span>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
