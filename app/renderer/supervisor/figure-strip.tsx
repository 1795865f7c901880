import { useTranslation } from 'react-i18next';
import type { SupervisorView } from '../../contract/supervisor-view.ts';
import { countText, secondsText, shareText, shareWithoutOfficer } from './figures.ts';

/** The figures of today that matter, and beside them how crossings ended otherwise. */
export function FigureStrip({ view }: { view: SupervisorView }) {
  const { t, i18n } = useTranslation();
  const { today } = view;
  const count = (value: number) => countText(value, i18n.language);
  const large = [
    { key: 'passed', text: count(today.passed) },
    { key: 'withoutOfficer', text: shareText(shareWithoutOfficer(today), i18n.language) },
    { key: 'median', text: secondsText(today.medianMs, i18n.language) },
    { key: 'p95', text: secondsText(today.p95Ms, i18n.language) },
  ];
  const small = ['refused', 'referred', 'abandoned', 'voided'] as const;
  return (
    <section className="figures" aria-label={t('figures.title')}>
      <dl className="figures-large">
        {large.map(({ key, text }) => (
          <div key={key} className="figure-tile">
            <dt>{t(`figures.${key}`)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div className="figure-tile" data-needed={view.referrals.length > 0}>
          <dt>{t('figures.waiting')}</dt>
          <dd>{count(view.referrals.length)}</dd>
        </div>
      </dl>
      <dl className="figure-tile figure-rest">
        {small.map((key) => (
          <div key={key}>
            <dt>{t(`figures.${key}`)}</dt>
            <dd>{count(today[key])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
