import { useTranslation } from 'react-i18next';

interface TimeWarningProps {
  readonly secondsLeft: number;
  readonly onMoreTime: () => void;
}

/** Asks before a step times out. One touch gives more time. */
export function TimeWarning({ secondsLeft, onMoreTime }: TimeWarningProps) {
  const { t } = useTranslation();
  return (
    <section className="time-warning" role="alert" aria-label={t('warning.title')}>
      <span className="time-warning-seconds" aria-hidden="true">
        {secondsLeft}
      </span>
      <p className="time-warning-words">
        <span className="time-warning-title">{t('warning.title')}</span>
        <span className="time-warning-left">{t('warning.secondsLeft', { seconds: secondsLeft })}</span>
      </p>
      <button type="button" className="more-time" onClick={onMoreTime}>
        {t('warning.button')}
      </button>
    </section>
  );
}
