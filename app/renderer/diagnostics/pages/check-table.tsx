import { useTranslation } from 'react-i18next';
import type { SelfCheckId } from '../../../contract/diagnostics-checks.ts';
import { Code, FactList, OutcomeTag, timeOf } from '../words.tsx';
import type { PageProps } from './page-props.ts';

/** Some of the self-test's checks with all their figures. */
export function CheckTable({ only, view, workbench, act }: PageProps & { readonly only: readonly SelfCheckId[] }) {
  const { t, i18n } = useTranslation();
  const { readiness, running } = workbench;
  return (
    <>
      <div className="row">
        <p className="quiet">{readiness === null ? t('report.none') : timeOf(readiness.at, i18n.language)}</p>
        <button
          type="button"
          className="button"
          disabled={running !== null || view.mode === 'leaving'}
          onClick={() => act({ type: 'checkReadiness' })}
        >
          {t('report.run')}
        </button>
      </div>
      <ul className="checks">
        {only.map((id) => {
          const check = readiness?.checks.find((each) => each.id === id);
          return (
            <li key={id} className="check" data-check={id} data-outcome={check?.outcome ?? 'unknown'}>
              <h3 className="test-title">{t(`selfChecks.${id}`)}</h3>
              {check === undefined ? (
                <p className="quiet">{t('report.none')}</p>
              ) : (
                <>
                  <p className="test-outcome">
                    <OutcomeTag outcome={check.outcome} />
                    <Code code={check.code} />
                  </p>
                  <FactList facts={check.facts} />
                </>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
