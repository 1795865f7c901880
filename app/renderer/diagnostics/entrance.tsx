import { Wrench } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { DiagnosticsView } from '../../contract/diagnostics-view.ts';
import { HoldButton } from '../ui/hold-button.tsx';

/** Before the lane is the technician's: what taking it means. */
export function Entrance({ view, onEnter }: { view: DiagnosticsView; onEnter: () => void }) {
  const { t } = useTranslation();
  const reasons = view.outOfServiceReasons.filter((reason) => reason !== 'diagnostics');
  return (
    <main className="gate">
      <section className="panel gate-panel" aria-label={t('entrance.title')}>
        <h2 className="gate-title">{t('entrance.title')}</h2>
        <p>{t('entrance.what')}</p>
        <p className="quiet">{t('entrance.back')}</p>
        {view.mode === 'outside' && reasons.length > 0 ? <ReasonList reasons={reasons} /> : null}
        {view.mode === 'entering' ? (
          <p role="status" className="tag" data-tone="progress">
            {t('entrance.entering')}
          </p>
        ) : (
          <HoldButton
            label={t('entrance.enter')}
            note={t('entrance.enterNote')}
            shortcut="e"
            icon={<Wrench size={22} />}
            tone="progress"
            disabled={false}
            onDone={onEnter}
          />
        )}
      </section>
    </main>
  );
}

/** What else keeps the lane out of service. */
export function ReasonList({ reasons }: { reasons: readonly string[] }) {
  const { t, i18n } = useTranslation();
  return (
    <ul className="reasons" aria-label={t('leave.stillClosed')}>
      {reasons.map((reason) => (
        <li key={reason}>
          {i18n.exists(`reasons.${reason}`) ? t(`reasons.${reason}`) : null}{' '}
          <span className="mono quiet">{reason}</span>
        </li>
      ))}
    </ul>
  );
}
