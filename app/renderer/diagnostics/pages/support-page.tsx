import { PackageOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PageProps } from './page-props.ts';

const DEVICES = ['scanner', 'laneController'] as const;

/** What can be given to whoever mends the lane; in a demonstration, the cables to pull. */
export function SupportPage({ view, workbench, act }: PageProps) {
  const { t, i18n } = useTranslation();
  const { supportBundle } = workbench;
  return (
    <>
      <section className="test" aria-label={t('support.title')}>
        <div className="test-words">
          <h3 className="test-title">{t('support.title')}</h3>
          <p className="quiet">{t('support.what')}</p>
        </div>
        <div className="test-acts">
          <button type="button" className="button" onClick={() => act({ type: 'makeSupportBundle' })}>
            <PackageOpen size={16} aria-hidden="true" />
            {t('support.make')}
          </button>
        </div>
        <div className="test-result" role="status">
          {supportBundle === null ? null : (
            <>
              <p>{t('support.made')}</p>
              <p className="mono bundle-path">{supportBundle.path}</p>
              <p className="quiet">
                {t('support.size', {
                  kilobytes: new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 }).format(
                    supportBundle.bytes / 1024,
                  ),
                })}{' '}
                · {t('support.hash')} <span className="mono bundle-path">{supportBundle.sha256}</span>
              </p>
            </>
          )}
        </div>
      </section>
      {view.simulation === null ? null : (
        <section className="test" aria-label={t('simulate.title')}>
          <div className="test-words">
            <h3 className="test-title">{t('simulate.title')}</h3>
            <p className="quiet">{t('simulate.note')}</p>
          </div>
          <div className="test-acts">
            {DEVICES.map((device) => {
              const what = view.simulation?.unplugged.includes(device) === true ? 'replug' : 'unplug';
              return (
                <button
                  key={device}
                  type="button"
                  className="button"
                  onClick={() => act({ type: 'simulate', device, what })}
                >
                  {t(`simulate.${what}`)}: {t(`simulate.${device}`)}
                </button>
              );
            })}
          </div>
        </section>
      )}
    </>
  );
}
